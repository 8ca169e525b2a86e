package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.edit.NativeArrays;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** What an inpainting network is shown, whole and in windows. */
class MaskedImageNetworkTest {

    private static final int CHANNELS = 2;
    private static final int ROWS = 6;
    private static final int COLUMNS = 5;

    private NDManager manager;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Answers with x + 10·mask + 100·image, place by place, so that windows make no difference. */
    private final NoiseNetwork echo = new NoiseNetwork() {
        @Override
        public NDArray forward(final NDArray sample, final NDArray timesteps, final Conditioning conditioning) {
            assertEquals(2 * CHANNELS + 1, sample.getShape().get(1));
            final NDArray x = sample.get(":, 0:" + CHANNELS);
            final NDArray mask = sample.get(":, " + CHANNELS + ":" + (CHANNELS + 1));
            final NDArray image = sample.get(":, " + (CHANNELS + 1) + ":");
            final NDArray answer = x.add(mask.mul(10)).add(image.mul(100));
            for (final NDArray other : new NDArray[] {x, mask, image}) other.close();
            return answer;
        }

        @Override
        public Device device() {
            return Device.cpu();
        }

        @Override
        public DataType elementType() {
            return DataType.FLOAT32;
        }
    };

    private NDArray random(final int seed, final long... shape) {
        final Random random = new Random(seed);
        final float[] values = new float[(int) new ai.djl.ndarray.types.Shape(shape).size()];
        for (int i = 0; i < values.length; i++) values[i] = random.nextInt(9);
        return Tensors.of(manager, values, shape);
    }

    @Test
    void theMaskAndTheImageStandBesideEverySampleAndInEveryWindow() {
        final NDArray sample = random(1, 2, CHANNELS, ROWS, COLUMNS);
        final NDArray mask = random(2, 1, 1, ROWS, COLUMNS);
        final NDArray image = random(3, 1, CHANNELS, ROWS, COLUMNS);
        final NDArray times = Tensors.of(manager, new float[2], 2);
        final float[] expected = new float[2 * CHANNELS * ROWS * COLUMNS];
        final int plane = ROWS * COLUMNS;
        for (int i = 0; i < expected.length; i++)
            expected[i] = sample.toFloatArray()[i]
                    + 10 * mask.toFloatArray()[i % plane]
                    + 100 * image.toFloatArray()[i % (CHANNELS * plane)];
        for (final Windows windows : new Windows[] {Windows.whole(ROWS, COLUMNS), new Windows(4, 2)}) {
            final NDArray answer =
                    new MaskedImageNetwork(echo, mask, image, windows).forward(sample, times, new Conditioning.None());
            assertArrayEquals(expected, answer.toFloatArray(), 1e-4f);
            assertEquals(sample.getManager(), answer.getManager());
        }
    }

    @Test
    void nothingIsLeftBehind() {
        final MaskedImageNetwork network = new MaskedImageNetwork(
                (ResidueFree) (sample, times, conditioning) ->
                        sample.mul(1).split(new long[] {CHANNELS}, 1).get(0),
                random(2, 1, 1, ROWS, COLUMNS),
                random(3, 1, CHANNELS, ROWS, COLUMNS),
                new Windows(4, 2));
        try (NDManager scope = manager.newSubManager()) {
            final NDArray sample = Tensors.zeros(scope, DataType.FLOAT32, 1, CHANNELS, ROWS, COLUMNS);
            final NDArray times = Tensors.of(scope, new float[1], 1);
            network.forward(sample, times, new Conditioning.None()).close();
            final int before = NativeArrays.under(manager);
            network.forward(sample, times, new Conditioning.None()).close();
            assertEquals(before, NativeArrays.under(manager));
        }
    }

    /** A network that is a function. */
    @FunctionalInterface
    private interface ResidueFree extends NoiseNetwork {
        @Override
        default Device device() {
            return Device.cpu();
        }

        @Override
        default DataType elementType() {
            return DataType.FLOAT32;
        }
    }
}
