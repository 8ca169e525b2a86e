package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** The bundled networks as training computes them: loss and the gradients of all weights in float32 against float64. */
class TrainingGradientTest {

    /** Of the largest value of a gradient. */
    private static final double TOLERANCE = 3e-5;

    /** Of the largest of all gradients. */
    private static final double ROUNDING = 1e-7;

    private static final int BATCH = 4;

    @Test
    void gradientsOfTheDenoiserAreRight() throws IOException {
        final UNet2DConditionConfig config = UNet2DConditionConfig.fromJson(bundled("unet"));
        assertGradientsAreRight(UNet2DConditionModel.parameterShapes(config), weights -> {
            final DrawnInputs inputs = new DrawnInputs(weights);
            try (UNet2DConditionModel unet = new UNet2DConditionModel(config, weights)) {
                final NDArray state = inputs.wave(BATCH, config.inChannels(), 32, 32);
                final NDArray text =
                        inputs.wave(BATCH, 16, config.crossAttentionDim().get(0));
                return unet.forward(state, inputs.times(), new Conditioning.Text(text))
                        .sub(inputs.wave(BATCH, config.outChannels(), 32, 32).mul(0.5))
                        .square()
                        .mean();
            }
        });
    }

    @Test
    void gradientsOfTheClassifierAreRight() throws IOException {
        final CaptionClassifierConfig config = CaptionClassifierConfig.fromJson(bundled("classifier"));
        assertGradientsAreRight(CaptionClassifier.parameterShapes(config), weights -> {
            final DrawnInputs inputs = new DrawnInputs(weights);
            try (CaptionClassifier classifier = new CaptionClassifier(config, weights)) {
                final NDArray state = inputs.wave(BATCH, config.inChannels(), 32, 32);
                return classifier.logits(state, inputs.times()).values().stream()
                        .map(logits -> logits.square().mean())
                        .reduce(NDArray::add)
                        .orElseThrow();
            }
        });
    }

    private static void assertGradientsAreRight(final Map<String, Shape> shapes, final Function<Typed, NDArray> loss) {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final DrawnWeights drawn = new DrawnWeights(manager, shapes);
            final Typed narrow = new Typed(manager, DataType.FLOAT32, drawn.arrays());
            final Typed wide = new Typed(manager, DataType.FLOAT64, narrow.arrays());
            final double expected =
                    Tensors.cast(narrow.differentiate(loss), DataType.FLOAT64).getDouble();
            assertEquals(wide.differentiate(loss).getDouble(), expected, 1e-5 * Math.abs(expected));
            final double largest = wide.arrays().values().stream()
                    .mapToDouble(weight -> largest(weight.getGradient()))
                    .max()
                    .orElseThrow();
            wide.arrays().forEach((name, weight) -> {
                final NDArray exact = weight.getGradient();
                final NDArray actual = Tensors.cast(narrow.arrays().get(name).getGradient(), DataType.FLOAT64);
                // NB: some are zero but for rounding: attention does not change with the bias of its keys.
                final double allowed = TOLERANCE * largest(exact) + ROUNDING * largest;
                final double difference = largest(actual.sub(exact));
                assertTrue(difference <= allowed, name + ": " + difference + " of " + largest(exact));
            });
        }
    }

    private static double largest(final NDArray array) {
        return array.abs().max().getDouble();
    }

    /** The same weights in one type. */
    private record Typed(NDManager manager, DataType type, Map<String, NDArray> arrays) implements Weights {

        Typed(final NDManager manager, final DataType type, final Map<String, NDArray> arrays) {
            this.manager = manager;
            this.type = type;
            this.arrays = new LinkedHashMap<>();
            arrays.forEach((name, array) -> this.arrays.put(name, Tensors.cast(array, type)));
        }

        NDArray differentiate(final Function<Typed, NDArray> loss) {
            arrays.values().forEach(array -> array.setRequiresGradient(true));
            try (GradientCollector collector = TorchEngine.start().newGradientCollector()) {
                final NDArray value = loss.apply(this);
                collector.backward(value);
                return value;
            }
        }

        @Override
        public NDArray get(final String name, final long... shape) {
            return arrays.get(name);
        }

        @Override
        public boolean contains(final String name) {
            return arrays.containsKey(name);
        }
    }

    /** Inputs that are the same in every type. */
    private record DrawnInputs(Typed weights) {

        NDArray wave(final long... shape) {
            final float[] values = new float[(int) new Shape(shape).size()];
            for (int i = 0; i < values.length; i++) values[i] = (float) (1.5 * Math.sin(0.7 * i + 0.01 * i * (i % 7)));
            return Tensors.cast(Tensors.of(weights.manager(), values, shape), weights.type());
        }

        NDArray times() {
            return Tensors.of(weights.manager(), new float[] {999, 600, 200, 3}, BATCH);
        }
    }

    private static JsonObject bundled(final String component) throws IOException {
        final String resource = "/palindrome/models/nuclei/" + component + "/config.json";
        try (InputStream in = TrainingGradientTest.class.getResourceAsStream(resource);
                InputStreamReader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        }
    }
}
