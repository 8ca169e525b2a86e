package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.InputGradient;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** A tiny classifier of random weights. */
class CaptionClassifierTest {

    private static final float NO = Float.NEGATIVE_INFINITY;

    private NDManager manager;
    private DrawnWeights weights;
    private CaptionClassifier classifier;

    @BeforeEach
    void build() {
        manager = TorchEngine.start().newManager(Device.cpu());
        weights = new DrawnWeights(manager, CaptionClassifier.parameterShapes(config()));
        classifier = new CaptionClassifier(config(), weights);
    }

    @AfterEach
    void close() {
        classifier.close();
        manager.close();
    }

    private static JsonObject json() {
        return JsonParser.parseString("{'in_channels': 3, 'block_out_channels': [4, 8, 12], 'norm_num_groups': 2,"
                        + "'layers_per_block': 2, 'attributes': {'number': ['few', 'some', 'many'],"
                        + "'brightness': ['dim', 'bright']}}")
                .getAsJsonObject();
    }

    private static CaptionClassifierConfig config() {
        return CaptionClassifierConfig.fromJson(json());
    }

    private NDArray state(final long... shape) {
        return weights.draw(1, new Shape(shape));
    }

    private NDArray timesteps(final float... values) {
        return Tensors.of(manager, values, values.length);
    }

    private NDArray choice(final float... values) {
        return Tensors.of(manager, values, 1, values.length);
    }

    @Test
    void thereIsOneHeadForEachAttribute() {
        final Map<String, Shape> shapes = CaptionClassifier.parameterShapes(config());
        assertEquals(new Shape(3, 12), shapes.get("heads.number.weight"));
        assertEquals(new Shape(2, 12), shapes.get("heads.brightness.weight"));
        assertEquals(new Shape(4, 3, 3, 3), shapes.get("conv_in.weight"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 7", "16, 16", "33, 4"})
    void anySizeIsTold(final int height, final int width) {
        final Map<String, NDArray> logits = classifier.logits(state(2, 3, height, width), timesteps(10, 900));
        assertEquals(new Shape(2, 3), logits.get("number").getShape());
        assertEquals(new Shape(2, 2), logits.get("brightness").getShape());
        for (final double value : logits.get("number").toDoubleArray()) assertTrue(Double.isFinite(value));
    }

    @Test
    void whatIsSeenMattersAndSoDoesTheTimestep() {
        final NDArray state = state(1, 3, 8, 8);
        final double[] one =
                classifier.logits(state, timesteps(10)).get("number").toDoubleArray();
        assertArrayEquals(
                one, classifier.logits(state, timesteps(10)).get("number").toDoubleArray());
        assertTrue(Math.abs(one[0]
                        - classifier.logits(state, timesteps(900)).get("number").toDoubleArray()[0])
                > 1e-6);
        assertTrue(Math.abs(one[0]
                        - classifier
                                .logits(state(1, 3, 8, 8), timesteps(10))
                                .get("number")
                                .toDoubleArray()[0])
                > 1e-6);
    }

    @Test
    void logProbabilitiesAreThoseOfTheLogits() {
        final NDArray state = state(2, 3, 6, 6);
        final NDArray timesteps = timesteps(100, 500);
        final Map<String, NDArray> logits = classifier.logits(state, timesteps);
        final double[] number = logits.get("number").toDoubleArray();
        final double[] brightness = logits.get("brightness").toDoubleArray();
        double many = 0;
        double fewOrMany = 0;
        double dim = 0;
        for (int b = 0; b < 2; b++) {
            final double few = Math.exp(number[3 * b]);
            final double all = few + Math.exp(number[3 * b + 1]) + Math.exp(number[3 * b + 2]);
            many += number[3 * b + 2] - Math.log(all);
            fewOrMany += Math.log((few + Math.exp(number[3 * b + 2])) / all);
            dim += brightness[2 * b] - Math.log(Math.exp(brightness[2 * b]) + Math.exp(brightness[2 * b + 1]));
        }
        assertEquals(many, told(state, timesteps, Map.of("number", choice(NO, NO, 0))), 1e-12);
        assertEquals(fewOrMany, told(state, timesteps, Map.of("number", choice(0, NO, 0))), 1e-12);
        assertEquals(
                many + dim,
                told(state, timesteps, Map.of("number", choice(NO, NO, 0), "brightness", choice(0, NO))),
                1e-12);
        assertEquals(0, told(state, timesteps, Map.of("brightness", choice(0, 0))), 1e-12);
    }

    private double told(final NDArray state, final NDArray timesteps, final Map<String, NDArray> choices) {
        return classifier.logProbability(state, timesteps, choices).getDouble();
    }

    @Test
    void theGradientIsThatOfFiniteDifferences() {
        final NDArray state = state(2, 3, 5, 7);
        final NDArray timesteps = timesteps(100, 700);
        final Map<String, NDArray> choices = Map.of("number", choice(NO, 0, 0), "brightness", choice(NO, 0));
        final double[] gradient = InputGradient.of(x -> classifier.logProbability(x, timesteps, choices), state)
                .toDoubleArray();
        final double[] values = state.toDoubleArray();
        final double h = 1e-5;
        double largest = 0;
        for (int i = 0; i < values.length; i += 3) {
            final double value = values[i];
            values[i] = value + h;
            final double above = told(Tensors.of(manager, values, 2, 3, 5, 7), timesteps, choices);
            values[i] = value - h;
            final double below = told(Tensors.of(manager, values, 2, 3, 5, 7), timesteps, choices);
            values[i] = value;
            assertEquals((above - below) / (2 * h), gradient[i], 1e-8, "entry " + i);
            largest = Math.max(largest, Math.abs(gradient[i]));
        }
        assertTrue(largest > 1e-4, "all but flat: " + largest);
    }

    /** In float32, as it runs: the state and its gradient are float64 all the same. */
    @Test
    void float32WeightsGiveAFloat64Gradient() {
        final NDArray state = state(1, 3, 8, 6);
        final NDArray timesteps = timesteps(300);
        final Map<String, NDArray> choices = Map.of("number", choice(NO, NO, 0));
        final double[] exact = InputGradient.of(x -> classifier.logProbability(x, timesteps, choices), state)
                .toDoubleArray();
        weights.arrays().replaceAll((name, array) -> Tensors.cast(array, DataType.FLOAT32));
        try (CaptionClassifier single = new CaptionClassifier(config(), weights)) {
            final NDArray gradient = InputGradient.of(x -> single.logProbability(x, timesteps, choices), state);
            assertEquals(DataType.FLOAT64, gradient.getDataType());
            assertArrayEquals(exact, gradient.toDoubleArray(), 1e-6);
        }
    }

    @Test
    void imagesOfABatchDoNotMix() {
        final NDArray state = state(2, 3, 8, 8);
        final Map<String, NDArray> choices = Map.of("number", choice(0, NO, NO));
        final double[] both = InputGradient.of(x -> classifier.logProbability(x, timesteps(200, 600), choices), state)
                .toDoubleArray();
        final double[] second = InputGradient.of(
                        x -> classifier.logProbability(x, timesteps(600), choices), state.get("1:2"))
                .toDoubleArray();
        for (int i = 0; i < second.length; i++) assertEquals(second[i], both[second.length + i], 1e-12);
    }

    @Test
    void whatDoesNotFitIsNamed() {
        final Map<String, NDArray> choices = Map.of("number", choice(0, NO, NO));
        assertSays("[B, 3, H, W]", () -> classifier.logits(state(1, 4, 8, 8), timesteps(1)));
        assertSays("one timestep per state", () -> classifier.logits(state(2, 3, 8, 8), timesteps(1)));
        assertSays(
                "does not tell 'colour'; it tells [number, brightness].",
                () -> classifier.logProbability(state(1, 3, 8, 8), timesteps(1), Map.of("colour", choice(0))));
        assertSays("[B, 3, H, W]", () -> classifier.logProbability(state(1, 2, 8, 8), timesteps(1), choices));
    }

    @Test
    void configurationsThatCannotBeBuiltAreNamed() {
        assertConfigSays("attributes = null", json -> json.remove("attributes"));
        assertConfigSays("attributes should name at least one", json -> json.add("attributes", new JsonObject()));
        assertConfigSays(
                "the attribute number should have at least two words",
                json -> json.add("attributes", JsonParser.parseString("{'number': ['few']}")));
        assertConfigSays(
                "'few' stands for two classes",
                json -> json.add("attributes", JsonParser.parseString("{'a': ['few', 'x'], 'b': ['few', 'y']}")));
        assertConfigSays(
                "'Too many' should be a lower-case word",
                json -> json.add("attributes", JsonParser.parseString("{'a': ['few', 'Too many']}")));
        assertConfigSays(
                "the attribute 'a.b' should be",
                json -> json.add("attributes", JsonParser.parseString("{'a.b': ['few', 'many']}")));
        assertConfigSays("norm_num_groups = 3", json -> json.addProperty("norm_num_groups", 3));
        assertConfigSays("norm_num_groups = 0", json -> json.addProperty("norm_num_groups", 0));
        assertConfigSays("in_channels = 0", json -> json.addProperty("in_channels", 0));
        assertConfigSays("in_channels = \"3\"", json -> json.addProperty("in_channels", "3"));
        assertConfigSays("layers_per_block = 0", json -> json.addProperty("layers_per_block", 0));
        assertConfigSays(
                "an entry for each level", json -> json.add("block_out_channels", JsonParser.parseString("[]")));
        assertConfigSays("should be even", json -> {
            json.addProperty("norm_num_groups", 1);
            json.add("block_out_channels", JsonParser.parseString("[3, 4]"));
        });
    }

    private static void assertConfigSays(final String part, final Consumer<JsonObject> change) {
        final JsonObject json = json();
        change.accept(json);
        assertSays(part, () -> CaptionClassifierConfig.fromJson(json));
    }

    private static void assertSays(final String part, final Runnable wrong) {
        final String message =
                assertThrows(IllegalArgumentException.class, wrong::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
