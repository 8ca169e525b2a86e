package palindrome.image;

import ij.ImagePlus;
import ij.plugin.filter.EDM;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import java.util.Optional;
import net.imglib2.RandomAccess;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.type.numeric.RealType;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.type.numeric.real.FloatType;

/**
 * How much each pixel takes part in an edit: exactly 0 outside the selection, and inside it a weight that rises with
 * the distance from the selection's border to exactly 1. The soft border lies inside the selection, so that an edit
 * never reaches a pixel that was not selected. The border of the image is not a border of the selection.
 */
public final class SelectionMask {

    private final int width;
    private final int height;
    private final float[] weights;

    private SelectionMask(int width, int height, float[] weights) {
        this.width = width;
        this.height = height;
        this.weights = weights;
    }

    /**
     * The mask of an image's area selection.
     *
     * @param feather the width of the soft border, pixels, at least 0; narrowed where the selection is too thin for
     *     any pixel to reach full weight
     * @return empty if nothing is selected, which means the whole image
     * @throws IllegalArgumentException if the selection has no area within the image
     */
    public static Optional<SelectionMask> of(ImagePlus image, double feather) {
        if (!(feather >= 0) || Double.isInfinite(feather)) {
            throw new IllegalArgumentException("The feather width is " + feather + "; give 0 pixels or more.");
        }
        if (image.getRoi() == null) {
            return Optional.empty();
        }
        return Optional.of(new SelectionMask(
                image.getWidth(), image.getHeight(), ramp(SelectedArea.of(image).toProcessor(), feather)));
    }

    /**
     * Weights that rise from the border of an area to exactly 1 inside it.
     *
     * @param inside 0 outside of the area
     * @param feather width of the rise, pixels, narrowed where the area is too thin
     */
    static float[] ramp(ByteProcessor inside, double feather) {
        FloatProcessor distance = new EDM().makeFloatEDM(inside, 0, false);
        if (distance == null) {
            throw new IllegalStateException("The thread was interrupted while the selection was measured.");
        }
        float[] weights = (float[]) distance.getPixels();
        float deepest = 0;
        for (float pixels : weights) {
            deepest = Math.max(deepest, pixels);
        }
        // NB: the outermost selected pixel is at distance 1, so a ramp of n pixels reaches 1 at distance n + 1.
        float full = (float) Math.min(feather + 1, deepest);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.min(1, weights[i] / full);
        }
        return weights;
    }

    /** The weights, in [0, 1], with the axes X and Y. */
    public ArrayImg<FloatType, FloatArray> weights() {
        return ArrayImgs.floats(weights.clone(), width, height);
    }

    /** The weight of a pixel, in [0, 1]. */
    public float weight(int x, int y) {
        return weights[y * width + x];
    }

    /**
     * {@code original + weight * (edited - original)}, where a weight of 0 returns the original number and a weight of
     * 1 the edited one, unrounded.
     *
     * @param original the numbers before, with the axes X, Y and channel
     * @param edited the numbers after, of the same size
     */
    public ArrayImg<DoubleType, DoubleArray> blend(
            RandomAccessibleInterval<? extends RealType<?>> original,
            RandomAccessibleInterval<? extends RealType<?>> edited) {
        int channels = (int) original.dimension(2);
        double[] blended = new double[channels * weights.length];
        RandomAccess<? extends RealType<?>> before = original.randomAccess();
        RandomAccess<? extends RealType<?>> after = edited.randomAccess();
        for (int i = 0; i < blended.length; i++) {
            int pixel = i % weights.length;
            int[] position = {pixel % width, pixel / width, i / weights.length};
            double b = before.setPositionAndGet(position).getRealDouble();
            double a = after.setPositionAndGet(position).getRealDouble();
            float weight = weights[pixel];
            blended[i] = weight == 0 ? b : weight == 1 ? a : b + weight * (a - b);
        }
        return ArrayImgs.doubles(blended, width, height, channels);
    }
}
