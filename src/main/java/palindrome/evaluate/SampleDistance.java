package palindrome.evaluate;

import ij.process.ColorProcessor;
import java.util.List;

/**
 * How far the distribution of some images is from that of others.
 *
 * @param patches sliced Wasserstein distance of patches, mean over the scales, in thousandths of white minus black
 * @param counts Wasserstein distance of the numbers of nuclei an image
 * @param areas Wasserstein distance of the areas of nuclei, pixels; NaN where one side has none
 */
record SampleDistance(double patches, double counts, double areas) {

    private static final int LEVELS = 3;
    private static final int PATCHES_PER_IMAGE = 64;
    private static final int DIRECTIONS = 128;
    private static final double UNIT = 1e-3;

    /**
     * @param images at least 28 pixels wide and high
     * @param reference what they should be like; sets the threshold of nuclei
     * @param seed of places and directions
     */
    static SampleDistance of(final List<ColorProcessor> images, final List<ColorProcessor> reference, final long seed) {
        final int threshold = Nuclei.threshold(reference);
        final Nuclei found = Nuclei.count(images, threshold);
        final Nuclei expected = Nuclei.count(reference, threshold);
        final boolean none = found.areas().length == 0 || expected.areas().length == 0;
        return new SampleDistance(
                patches(images, reference, seed),
                Wasserstein.distance(found.counts(), expected.counts()),
                none ? Double.NaN : Wasserstein.distance(found.areas(), expected.areas()));
    }

    private static double patches(
            final List<ColorProcessor> images, final List<ColorProcessor> reference, final long seed) {
        // NB: other places for the reference, or an image would be compared with itself at the same place.
        final List<double[][]> a = new PatchPyramid(LEVELS, PATCHES_PER_IMAGE, seed).patches(images);
        final List<double[][]> b = new PatchPyramid(LEVELS, PATCHES_PER_IMAGE, seed + 1).patches(reference);
        final SlicedWasserstein sliced = new SlicedWasserstein(DIRECTIONS, seed);
        double sum = 0;
        for (int level = 0; level < LEVELS; level++) sum += sliced.distance(a.get(level), b.get(level));
        return sum / LEVELS / UNIT;
    }
}
