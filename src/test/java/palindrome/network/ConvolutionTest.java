package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * Convolutions of the sizes of Stable Diffusion and the bundled model in float32, with channels last as networks have
 * them, and their gradients, against float64, which another library computes. oneDNN is known to get some of them wrong in
 * some versions, on some processors.
 */
class ConvolutionTest {

    private static final Map<String, Number> CONSTANTS = Map.of("GROUPS", 32, "EPS", 1e-5, "OUTPUT_SCALE", 1.0);

    @ParameterizedTest
    @CsvSource({
        "2, 320, 640, 12", "2, 640, 1280, 16", "1, 1280, 640, 12", "2, 640, 1280, 6", "2, 2560, 1280, 3",
        "1, 960, 320, 24", "2, 8, 8, 8", "1, 4, 4, 8", "2, 24, 40, 5", "2, 128, 256, 20"
    })
    void shortcutsAreRight(final int batch, final int in, final int out, final int side) {
        assertRight("resnet_block_2d.py", "conv1x1", batch, in, out, side, 1);
    }

    /** Those of ControlNet, whose 1×1 convolutions keep the number of channels. */
    @ParameterizedTest
    @CsvSource({
        "2, 320, 320, 24",
        "2, 320, 320, 12",
        "2, 640, 640, 12",
        "2, 640, 640, 16",
        "2, 1280, 1280, 6",
        "2, 1280, 1280, 16",
        "1, 1280, 1280, 12",
        "1, 1280, 1280, 3"
    })
    void controlNetsResidualsAreRight(final int batch, final int in, final int out, final int side) {
        assertRight("controlnet.py", "residual", batch, in, out, side, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 1280, 1280, 2",
        "2, 640, 640, 8",
        "2, 1280, 640, 3",
        "1, 24, 40, 5",
        "2, 24, 24, 8",
        "2, 320, 4, 8",
        "1, 4, 320, 9",
        "2, 128, 256, 20"
    })
    void threeByThreeAreRight(final int batch, final int in, final int out, final int side) {
        assertRight("upsample_2d.py", "forward", batch, in, out, side, 3);
        assertRight("downsample_2d.py", "forward", batch, in, out, side, 3);
    }

    /** A first or last convolution may be 1×1 by configuration. */
    @ParameterizedTest
    @CsvSource({"2, 12, 32, 16, 3", "1, 4, 320, 16, 3", "1, 9, 320, 8, 3", "1, 4, 320, 16, 1", "2, 8, 640, 16, 1"})
    void firstAndLastAreRight(final int batch, final int narrow, final int wide, final int side, final int reach) {
        final Map<String, Number> constants = Map.of("PADDING", reach / 2, "GROUPS", 4, "EPS", 1e-5);
        try (Case first = new Case("conv_in.py", constants)) {
            first.assertRight("forward", first.convolution(batch, narrow, wide, side, reach));
        }
        try (Case last = new Case("conv_out.py", constants)) {
            final NDArray[] plain = last.convolution(batch, wide, narrow, side, reach);
            last.assertRight("forward", plain[0], last.drawn(1, wide), last.drawn(1, wide), plain[1], plain[2]);
        }
    }

    /** What training computes, of the bundled model's shapes and batches, and null-text inversion of Stable Diffusion's. */
    @ParameterizedTest
    @CsvSource({
        "16, 12, 32, 32",
        "16, 32, 32, 32",
        "4, 64, 32, 64",
        "16, 64, 96, 16",
        "16, 160, 64, 16",
        "16, 224, 96, 8",
        "16, 256, 128, 4",
        "24, 48, 64, 16",
        "2, 24, 40, 8",
        "1, 320, 320, 16",
        "1, 960, 320, 8",
        "1, 640, 640, 8",
        "1, 640, 1280, 4"
    })
    void gradientsAreRight(final int batch, final int in, final int out, final int side) {
        try (Case any = new Case("controlnet.py", Map.of())) {
            any.assertGradientsRight("conv", any.convolution(batch, in, out, side, 3));
            any.assertGradientsRight("conv_act_half", any.convolution(batch, in, out, side, 3));
            any.assertGradientsRight("residual", any.convolution(batch, in, out, side, 1));
        }
    }

    private static void assertRight(
            final String kernel,
            final String method,
            final int batch,
            final int in,
            final int out,
            final int side,
            final int reach) {
        try (Case one = new Case(kernel, kernel.startsWith("down") ? Map.of("PADDING", 1) : CONSTANTS)) {
            final NDArray[] plain = one.convolution(batch, in, out, side, reach);
            if (kernel.startsWith("up"))
                one.assertRight(method, plain[0], one.drawn(1, 1, 1, side, side), plain[1], plain[2]);
            else one.assertRight(method, plain);
        }
    }

    /** A kernel in float32 and in float64, on random numbers. */
    private static final class Case implements AutoCloseable {

        /** Of the largest value. */
        private static final double TOLERANCE = 3e-5;

        private final Kernels kernels = new Kernels();
        private final NDManager manager = TorchEngine.start().newManager(Device.cpu());
        private final Random random = new Random(5);
        private final Kernels.Handle handle;

        Case(final String kernel, final Map<String, Number> constants) {
            handle = kernels.get(List.of(kernel), constants);
        }

        /** @return an input with channels last in memory, weight and bias */
        NDArray[] convolution(final int batch, final int in, final int out, final int side, final int reach) {
            return new NDArray[] {
                drawn(1, batch, side, side, in).transpose(0, 3, 1, 2),
                drawn(1 / Math.sqrt(in * reach * reach), out, in, reach, reach),
                drawn(1, out)
            };
        }

        NDArray drawn(final double deviation, final long... shape) {
            final float[] values = new float[(int) new Shape(shape).size()];
            for (int i = 0; i < values.length; i++) values[i] = (float) (deviation * random.nextGaussian());
            return Tensors.of(manager, values, shape);
        }

        void assertRight(final String method, final NDArray... inputs) {
            assertClose(
                    method,
                    handle.call(method, Parameters.NONE, wide(inputs)),
                    handle.call(method, Parameters.NONE, inputs));
        }

        /** The result as it is where gradients are recorded, and those of all inputs for a random gradient of the result. */
        void assertGradientsRight(final String method, final NDArray... inputs) {
            final NDArray[] wide = wide(inputs);
            final NDArray gradient = drawn(
                    1, handle.call(method, Parameters.NONE, inputs).getShape().getShape());
            final NDArray expected = differentiated(method, Tensors.cast(gradient, DataType.FLOAT64), wide);
            final NDArray actual = differentiated(method, gradient, inputs);
            assertClose(method, expected, actual);
            for (int i = 0; i < inputs.length; i++)
                assertClose(method + ", gradient of input " + i, wide[i].getGradient(), inputs[i].getGradient());
        }

        private NDArray differentiated(final String method, final NDArray gradient, final NDArray... inputs) {
            for (final NDArray input : inputs) input.setRequiresGradient(true);
            try (GradientCollector collector = TorchEngine.start().newGradientCollector()) {
                final NDArray result = handle.call(method, Parameters.NONE, inputs);
                collector.backward(result.mul(gradient).sum());
                return result;
            }
        }

        private static NDArray[] wide(final NDArray... inputs) {
            final NDArray[] wide = new NDArray[inputs.length];
            for (int i = 0; i < wide.length; i++) wide[i] = Tensors.cast(inputs[i], DataType.FLOAT64);
            return wide;
        }

        private static void assertClose(final String what, final NDArray expected, final NDArray actual) {
            final double difference = Tensors.cast(actual, DataType.FLOAT64)
                    .sub(expected)
                    .abs()
                    .max()
                    .getDouble();
            final double largest = expected.abs().max().getDouble();
            assertTrue(difference <= TOLERANCE * largest, what + ": max difference " + difference + " of " + largest);
        }

        @Override
        public void close() {
            kernels.close();
            manager.close();
        }
    }
}
