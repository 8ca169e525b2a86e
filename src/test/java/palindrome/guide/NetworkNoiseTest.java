package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.edit.NativeArrays;
import palindrome.engine.FreedMemory;
import palindrome.engine.Gradient;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.model.DiffusionModel;
import palindrome.model.ModelCatalog;
import palindrome.network.ReferenceTensors;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.CleanNode;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.NoiseSchedule;
import palindrome.sampler.PredictionType;
import palindrome.sampler.TimestepSpacing;
import palindrome.sampler.TorchNoise;

/** Gradients of ε with respect to a text embedding, through a whole UNet. */
class NetworkNoiseTest {

    private static final int NODE = 4;
    private static final NodeGrid GRID = NodeGrid.of(
            NoiseSchedule.scaledLinear(1000, 0.00085, 0.012), TimestepSpacing.LEADING, 6, 1, CleanNode.NOISE_FREE);

    /** A large network takes seconds: its user need not wait for the end of an evaluation. */
    @Test
    void stopsInTheMiddleOfAnEvaluation() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DConditionModel unet = ReferenceNetwork.open(manager)) {
            final ReferenceTensors fixture =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "null_text/case.safetensors");
            final NDArray state = Tensors.cast(fixture.get("z0"), DataType.FLOAT64);
            final NDArray context = fixture.get("context").get("0:1");
            final AtomicInteger asked = new AtomicInteger();
            new NetworkNoise(unet, PredictionType.EPSILON, GRID, asked::incrementAndGet)
                    .epsilon(state, NODE, Told.text(context))
                    .close();
            final int all = asked.get();
            assertTrue(all > 20, "asked " + all + " times in one evaluation");
            final int before = NativeArrays.under(manager);
            for (int last = 1; last < all; last++) {
                final AtomicInteger left = new AtomicInteger(last);
                final ContextNoise noise = new NetworkNoise(unet, PredictionType.EPSILON, GRID, () -> {
                    if (left.decrementAndGet() == 0) throw new CancellationException();
                });
                assertThrows(CancellationException.class, () -> noise.epsilon(state, NODE, Told.text(context)));
                assertEquals(before, NativeArrays.under(manager), "arrays left behind at kernel " + last);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreTheSlopesOfTheLoss(final PredictionType type) throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DConditionModel unet = ReferenceNetwork.open(manager)) {
            final ReferenceTensors fixture =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "null_text/case.safetensors");
            final NDArray state = Tensors.cast(fixture.get("z0"), DataType.FLOAT64);
            final NDArray context = fixture.get("context").get("0:1");
            final float[] values = context.toFloatArray();
            final ContextNoise noise = new NetworkNoise(unet, type, GRID, () -> {});
            // kernels are compiled when they are first called
            noise.epsilon(state, NODE, Told.text(context)).close();
            final int before = NativeArrays.under(manager);
            context.setRequiresGradient(true);
            final double loss;
            try (NDManager scope = manager.newSubManager()) {
                scope.tempAttachAll(state);
                loss = Gradient.backward(() -> {
                    final NDArray square = noise.epsilon(state, NODE, Told.text(context))
                            .square()
                            .mean();
                    FreedMemory.overwrite();
                    return square;
                });
            }
            final float[] gradient;
            try (NDArray array = context.getGradient()) {
                gradient = array.toFloatArray();
            }
            assertEquals(before, NativeArrays.under(manager), "arrays left behind");
            // without gradients, linear layers run in another library, which rounds otherwise
            assertEquals(loss(noise, state, values, manager), loss, 2e-6 * loss);
            final Random random = new Random(3);
            for (int trial = 0; trial < 3; trial++) {
                // uphill in every entry, so that the slope stands out of float32's rounding
                final double[] direction = new double[values.length];
                for (int i = 0; i < direction.length; i++)
                    direction[i] = random.nextDouble() * Math.signum(gradient[i]);
                double slope = 0;
                for (int i = 0; i < direction.length; i++) slope += gradient[i] * direction[i];
                final double h = 2e-3;
                final double difference = (loss(noise, state, moved(values, direction, h), manager)
                                - loss(noise, state, moved(values, direction, -h), manager))
                        / (2 * h);
                assertEquals(1, slope / difference, 2e-3, type + ": slope " + slope + ", difference " + difference);
            }
            context.setRequiresGradient(false);
            assertArrayEquals(values, context.toFloatArray());
            assertTrue(loss > 0);
        }
    }

    /** Whatever libtorch learns from watching kernels run. */
    @Test
    void theFirstGradientHasTheBitsOfAllOthers() throws IOException {
        try (DiffusionModel model = ModelCatalog.open(ModelCatalog.BUNDLED, Device.cpu());
                NDManager manager = model.manager().newSubManager()) {
            final NodeGrid grid = model.scheduler().grid(4);
            final ContextNoise noise = NetworkNoise.of(model, grid, () -> {});
            final NDArray state = new TorchNoise(3).draw(manager, 1, model.stateChannels(), 24, 24);
            final NDArray told = Told.states(model.towards("many nuclei", model.nativeSize(), manager));
            final List<float[]> gradients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                final NDArray context =
                        Tensors.of(manager, told.toFloatArray(), told.getShape().getShape());
                context.setRequiresGradient(true);
                Gradient.backward(() ->
                        noise.epsilon(state, NODE, Told.text(context)).square().mean());
                gradients.add(context.getGradient().toFloatArray());
            }
            for (final float[] gradient : gradients) assertArrayEquals(gradients.get(0), gradient);
        }
    }

    private static float[] moved(final float[] values, final double[] direction, final double by) {
        final float[] moved = new float[values.length];
        for (int i = 0; i < values.length; i++) moved[i] = (float) (values[i] + by * direction[i]);
        return moved;
    }

    private static double loss(
            final ContextNoise noise, final NDArray state, final float[] values, final NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(state);
            return noise.epsilon(state, NODE, Told.text(Tensors.of(scope, values, 1, 77, 32)))
                    .square()
                    .mean()
                    .getDouble();
        }
    }
}
