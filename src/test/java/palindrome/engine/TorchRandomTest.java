package palindrome.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Against {@code torch.randn(n, generator=torch.Generator().manual_seed(seed))} of PyTorch 2.13 on a CPU. */
class TorchRandomTest {

    /** PyTorch's vectorised logarithm and sine are good to about 4e-7; those of Java are better. */
    private static final float TOLERANCE = 1e-6f;

    @Test
    void fewNumbersComeInPairsAndTheSpareOutlivesTheCall() {
        final TorchRandom random = new TorchRandom(42);
        assertArrayEquals(
                new float[] {0.336690366f, 0.128809407f, 0.234462366f, 0.23033303f, -1.12285638f},
                random.randn(5),
                TOLERANCE);
        assertArrayEquals(new float[] {-0.186328292f, 2.20820141f, -0.637997031f}, random.randn(3), TOLERANCE);
    }

    @Test
    void blocksOfSixteenGoOnInTheSameStream() {
        final TorchRandom random = new TorchRandom(42);
        random.randn(5);
        random.randn(3);
        assertArrayEquals(
                new float[] {
                    1.64231694f, -0.159597471f, -0.497397542f, 0.439589262f, -0.758131146f, 1.07831764f, 0.800800562f,
                    1.68062055f, 1.27912438f, 1.29642284f, 0.61046648f, 1.33473778f, -0.23162432f, 0.041759491f,
                    -0.251575291f, 0.859858513f
                },
                random.randn(16),
                TOLERANCE);
    }

    @Test
    void theLastSixteenOfAnUnevenCountAreDrawnAnew() {
        assertArrayEquals(
                new float[] {
                    -1.12583983f, -1.6959312f, 0.566650629f, 0.793508351f, 0.598839462f, -1.55509508f, -0.34136039f,
                    1.85300612f, 0.468096405f, -0.585497558f, -0.173396751f, 0.183477938f, 1.38936615f, 1.58633423f,
                    0.946298361f, -0.843676746f, 0.931826591f
                },
                new TorchRandom(0).randn(17),
                TOLERANCE);
        final TorchRandom random = new TorchRandom(1234567890123L);
        final float[] uneven = random.randn(31);
        assertEquals(-0.568541527f, uneven[0], TOLERANCE);
        assertEquals(-0.145769387f, uneven[15], TOLERANCE);
        assertEquals(0.245796546f, uneven[30], TOLERANCE);
        assertArrayEquals(new float[] {-1.68583262f, -0.154867202f}, random.randn(2), TOLERANCE);
    }

    @Test
    void negativeSeedsCountByTheirLower32Bits() {
        final float[] values = new TorchRandom(-1).randn(16);
        assertEquals(-2.66429758f, values[0], TOLERANCE);
        assertEquals(0.140909612f, values[15], TOLERANCE);
    }

    @Test
    void aWholeImageOfNoiseAgrees() {
        final float[] values = new TorchRandom(7).randn(3 * 64 * 64);
        assertEquals(1.1369215250015259f, values[values.length - 1], TOLERANCE);
        double sum = 0;
        double squares = 0;
        for (final float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        assertEquals(145.41300351802784, sum, 1e-3);
        assertEquals(12222.033032606989, squares, 1e-3);
    }

    @Test
    void aLongerDrawBeginsLikeAShorterOne() {
        final float[] image = new TorchRandom(5).randn(64);
        final float[] batch = new TorchRandom(5).randn(192);
        assertArrayEquals(image, Arrays.copyOf(batch, 64));
    }
}
