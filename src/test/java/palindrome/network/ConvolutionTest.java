package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * Convolutions of the sizes of Stable Diffusion in float32, with channels last as networks have them, against float64,
 * which another library computes. oneDNN is known to get some of them wrong in some versions, on some processors.
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

    private static void assertRight(
            final String kernel,
            final String method,
            final int batch,
            final int in,
            final int out,
            final int side,
            final int reach) {
        try (Kernels kernels = new Kernels();
                NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final Kernels.Handle handle =
                    kernels.get(List.of(kernel), kernel.startsWith("down") ? Map.of("PADDING", 1) : CONSTANTS);
            final Random random = new Random(5);
            final NDArray x = drawn(manager, random, 1, batch, side, side, in).transpose(0, 3, 1, 2);
            final double scale = 1 / Math.sqrt(in * reach * reach);
            final NDArray weight = drawn(manager, random, scale, out, in, reach, reach);
            final NDArray bias = drawn(manager, random, 1, out);
            final NDArray[] inputs = kernel.startsWith("up")
                    ? new NDArray[] {x, Tensors.zeros(manager, DataType.FLOAT32, 1, 1, side, side), weight, bias}
                    : new NDArray[] {x, weight, bias};
            final NDArray[] exact = new NDArray[inputs.length];
            for (int i = 0; i < exact.length; i++) exact[i] = Tensors.cast(inputs[i], DataType.FLOAT64);
            final NDArray actual = handle.call(method, Parameters.NONE, inputs);
            final NDArray expected = handle.call(method, Parameters.NONE, exact);
            final double difference = Tensors.cast(actual, DataType.FLOAT64)
                    .sub(expected)
                    .abs()
                    .max()
                    .getDouble();
            assertTrue(difference < 1e-4, kernel + ": max difference " + difference);
        }
    }

    private static NDArray drawn(
            final NDManager manager, final Random random, final double deviation, final long... shape) {
        final float[] values = new float[(int) new Shape(shape).size()];
        for (int i = 0; i < values.length; i++) values[i] = (float) (deviation * random.nextGaussian());
        return Tensors.of(manager, values, shape);
    }
}
