package palindrome.evaluate;

import ij.process.Blitter;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Patches of images at several scales, as points: 7 × 7 pixels in three colours, out of a Laplacian pyramid, so that
 * each scale shows its own detail and the last one what is left (after Karras et al., "Progressive Growing of GANs",
 * 2018).
 */
final class PatchPyramid {

    static final int SIDE = 7;
    private static final int CHANNELS = 3;
    private static final double WHITE = 255;

    private final int levels;
    private final int patchesPerImage;
    private final long seed;

    /**
     * @param levels how many scales, each half as large as the one before; the smallest image must hold a patch
     * @param patchesPerImage random patches of an image at each scale
     * @param seed of their places
     */
    PatchPyramid(final int levels, final int patchesPerImage, final long seed) {
        this.levels = levels;
        this.patchesPerImage = patchesPerImage;
        this.seed = seed;
    }

    /** @return for each scale, the finest first, points [patches of all images][7·7·3]; white minus black is 1 */
    List<double[][]> patches(final List<ColorProcessor> images) {
        final Random random = new Random(seed);
        final List<List<double[]>> points = new ArrayList<>();
        for (int level = 0; level < levels; level++) points.add(new ArrayList<>());
        for (final ColorProcessor image : images) {
            final List<FloatProcessor[]> pyramid = pyramid(image);
            for (int level = 0; level < levels; level++)
                for (int k = 0; k < patchesPerImage; k++) points.get(level).add(patch(pyramid.get(level), random));
        }
        return points.stream().map(list -> list.toArray(new double[0][])).toList();
    }

    private List<FloatProcessor[]> pyramid(final ColorProcessor image) {
        final List<FloatProcessor[]> pyramid = new ArrayList<>();
        for (int level = 0; level < levels; level++) pyramid.add(new FloatProcessor[CHANNELS]);
        for (int channel = 0; channel < CHANNELS; channel++) {
            FloatProcessor here = image.toFloat(channel, null);
            for (int level = 0; level < levels - 1; level++) {
                final FloatProcessor smaller = resized(here, here.getWidth() / 2, here.getHeight() / 2);
                final FloatProcessor detail = (FloatProcessor) here.duplicate();
                detail.copyBits(resized(smaller, here.getWidth(), here.getHeight()), 0, 0, Blitter.SUBTRACT);
                pyramid.get(level)[channel] = detail;
                here = smaller;
            }
            pyramid.get(levels - 1)[channel] = here;
        }
        return pyramid;
    }

    private static FloatProcessor resized(final FloatProcessor plane, final int width, final int height) {
        plane.setInterpolationMethod(ImageProcessor.BILINEAR);
        return (FloatProcessor) plane.resize(width, height, true);
    }

    private static double[] patch(final FloatProcessor[] planes, final Random random) {
        final int left = random.nextInt(planes[0].getWidth() - SIDE + 1);
        final int top = random.nextInt(planes[0].getHeight() - SIDE + 1);
        final double[] point = new double[CHANNELS * SIDE * SIDE];
        int i = 0;
        for (final FloatProcessor plane : planes)
            for (int y = top; y < top + SIDE; y++)
                for (int x = left; x < left + SIDE; x++) point[i++] = plane.getf(x, y) / WHITE;
        return point;
    }
}
