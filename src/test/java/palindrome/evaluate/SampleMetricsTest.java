package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.process.ColorProcessor;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Distances between sets of images against values known beforehand. */
class SampleMetricsTest {

    @Test
    void oneDimensionalDistances() {
        assertEquals(0, Wasserstein.distance(new double[] {3, 1, 2}, new double[] {1, 2, 3}), 1e-15);
        assertEquals(2, Wasserstein.distance(new double[] {1, 5}, new double[] {7, 3}), 1e-15);
        // half of the mass at 0 moves by 1
        assertEquals(0.5, Wasserstein.distance(new double[] {0}, new double[] {0, 1}), 1e-15);
        assertEquals(0.5, Wasserstein.distance(new double[] {0, 0, 1, 1}, new double[] {0, 0, 0, 0, 0, 0}), 1e-15);
        // between the third and the half 1 meets 0, between the half and two thirds 3
        assertEquals(1.0 / 6 + 2.0 / 6, Wasserstein.distance(new double[] {0, 1, 3}, new double[] {0, 3}), 1e-15);
        assertThrows(IllegalArgumentException.class, () -> Wasserstein.distance(new double[0], new double[] {1}));
    }

    /** A copy shifted by v is |v·θ| away in direction θ, in the mean 2/π·|v| in the plane. */
    @Test
    void shiftedCopiesAreAsFarAsTheirShift() {
        final Random random = new Random(3);
        final double[][] cloud = new double[200][];
        final double[][] shifted = new double[200][];
        for (int i = 0; i < cloud.length; i++) {
            cloud[i] = new double[] {random.nextGaussian(), random.nextDouble()};
            shifted[i] = new double[] {cloud[i][0] + 3, cloud[i][1] - 4};
        }
        final SlicedWasserstein sliced = new SlicedWasserstein(20_000, 1);
        assertEquals(5 * 2 / Math.PI, sliced.distance(cloud, shifted), 0.03);
        assertEquals(0, sliced.distance(cloud, cloud), 1e-12);
        assertEquals(sliced.distance(cloud, shifted), sliced.distance(shifted, cloud), 1e-12);
    }

    /** A constant image has no detail on any scale but the last, where it is its own colour. */
    @Test
    void pyramidsSeparateTheScales() {
        final ColorProcessor constant = new ColorProcessor(32, 32);
        constant.setColor(new Color(255, 51, 0));
        constant.fill();
        final List<double[][]> patches = new PatchPyramid(3, 5, 1).patches(List.of(constant, constant));
        assertEquals(3, patches.size());
        for (int level = 0; level < 3; level++) {
            assertEquals(10, patches.get(level).length);
            final double[] expected = new double[3 * 49];
            if (level == 2) {
                Arrays.fill(expected, 0, 49, 1);
                Arrays.fill(expected, 49, 98, 0.2);
            }
            assertArrayEquals(expected, patches.get(level)[0], 1e-6, "level " + level);
        }
    }

    private static ColorProcessor discs(final int count, final int radius) {
        final ColorProcessor image = new ColorProcessor(96, 96);
        image.setColor(new Color(20, 20, 20));
        image.fill();
        image.setColor(new Color(200, 200, 200));
        for (int k = 0; k < count; k++) {
            final int x = 16 + k % 3 * 30;
            final int y = 16 + k / 3 * 30;
            image.fillOval(x - radius, y - radius, 2 * radius, 2 * radius);
        }
        return image;
    }

    @Test
    void discsAreCounted() {
        final List<ColorProcessor> images = List.of(discs(1, 6), discs(4, 6), discs(9, 6), discs(0, 6));
        final int threshold = Nuclei.threshold(images);
        assertTrue(threshold > 20 && threshold < 200, "threshold " + threshold);
        final Nuclei nuclei = Nuclei.count(images, threshold);
        assertArrayEquals(new double[] {1, 4, 9, 0}, nuclei.counts());
        assertEquals(14, nuclei.areas().length);
        for (final double area : nuclei.areas()) assertEquals(Math.PI * 36, area, 25);
    }

    @Test
    void touchingDiscsAreParted() {
        final ColorProcessor image = new ColorProcessor(64, 64);
        image.setColor(Color.WHITE);
        image.fillOval(10, 20, 20, 20);
        image.fillOval(27, 20, 20, 20);
        assertArrayEquals(new double[] {2}, Nuclei.count(List.of(image), 128).counts());
    }

    @Test
    void otherNucleiAreFartherThanTheSameOnes() {
        final List<ColorProcessor> few = new ArrayList<>();
        final List<ColorProcessor> many = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            few.add(discs(2 + i % 2, 6));
            many.add(discs(6 + i % 2, 8));
        }
        final SampleDistance same = SampleDistance.of(few, few, 1);
        final SampleDistance other = SampleDistance.of(many, few, 1);
        assertEquals(0, same.counts());
        assertEquals(4, other.counts(), 1e-9);
        assertEquals(0, same.areas());
        assertTrue(other.areas() > 50, "areas " + other.areas());
        assertTrue(other.patches() > 3 * same.patches(), other.patches() + " against " + same.patches());
    }
}
