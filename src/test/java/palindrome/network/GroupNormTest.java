package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * The autoencoders' group norm on large images in float32, followed by SiLU and a convolution, against libtorch's own in
 * float64. What errs by summing many values shows where they are alike, as in the dark background of a fluorescence image.
 */
class GroupNormTest {

    private static final Map<String, Number> CONSTANTS = Map.of("GROUPS", 8, "EPS", 1e-6, "OUTPUT_SCALE", 1.0);
    private static final int CHANNELS = 32;
    private static final double TOLERANCE = 1e-5;

    /** @param mean of all values
     * @param spread of the channels' means
     * @param deviation of the values within a channel */
    @ParameterizedTest
    @CsvSource({"256, 0, 0.02, 0", "256, -1, 0.5, 0", "256, 5, 1, 1", "512, 0, 0.02, 0", "9, 5, 1, 1", "1, 0, 1, 0"})
    void largeImagesAreNormalisedRight(final int side, final double mean, final double spread, final double deviation) {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                Kernels kernels = new Kernels()) {
            final Random random = new Random(3);
            final double[] means = new double[CHANNELS];
            for (int c = 0; c < CHANNELS; c++) means[c] = mean + spread * random.nextGaussian();
            final float[] values = new float[side * side * CHANNELS];
            for (int i = 0; i < values.length; i++)
                values[i] = (float) (means[i % CHANNELS] + deviation * random.nextGaussian());
            final NDArray[] inputs = {
                Tensors.of(manager, values, 1, side, side, CHANNELS).transpose(0, 3, 1, 2),
                drawn(manager, random, 1, CHANNELS),
                drawn(manager, random, 1, CHANNELS),
                drawn(manager, random, 1 / Math.sqrt(9 * CHANNELS), 3, CHANNELS, 3, 3),
                drawn(manager, random, 1, 3)
            };
            final NDArray[] wide = new NDArray[inputs.length];
            for (int i = 0; i < wide.length; i++) wide[i] = Tensors.cast(inputs[i], DataType.FLOAT64);
            final NDArray expected =
                    kernels.get(List.of("resnet_block_2d.py"), CONSTANTS).call("norm_act_conv", Parameters.NONE, wide);
            final NDArray actual =
                    kernels.get(List.of("autoencoder.py"), CONSTANTS).call("conv_out", Parameters.NONE, inputs);
            final double difference = Tensors.cast(actual, DataType.FLOAT64)
                    .sub(expected)
                    .abs()
                    .max()
                    .getDouble();
            final double largest = expected.abs().max().getDouble();
            assertTrue(difference <= TOLERANCE * largest, "max difference " + difference + " of " + largest);
        }
    }

    private static NDArray drawn(
            final NDManager manager, final Random random, final double deviation, final long... shape) {
        int size = 1;
        for (final long length : shape) size *= (int) length;
        final float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) (deviation * random.nextGaussian());
        return Tensors.of(manager, values, shape);
    }
}
