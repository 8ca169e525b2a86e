package palindrome.edit;

import ai.djl.ndarray.NDArray;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.image.Padding;

/**
 * A quick picture of a state: of a pixel model the image itself, of a latent model the state's own pixels in colours
 * that are about those of the image, since decoding would take longer than a step.
 */
final class EstimatePicture {

    private final OpenedModel opened;
    private final Padding padding;

    /** @param padding from the image to what the model works on */
    EstimatePicture(final OpenedModel opened, final Padding padding) {
        this.opened = opened;
        this.padding = padding;
    }

    /**
     * @param state float64 [B, C, H, W], of which the last is taken; about clean
     * @return numbers with the axes X, Y and channel, within [−1, 1]
     */
    RandomAccessibleInterval<DoubleType> of(final NDArray state) {
        final NDArray last = state.get((state.getShape().get(0) - 1) + ":");
        if (opened.hasAutoencoder()) return numbers(LatentColours.of(opened).toPixels(last));
        final RandomAccessibleInterval<DoubleType> image = ImageState.of(
                        opened.model(), (int) last.getShape().get(2), (int)
                                last.getShape().get(3))
                .toImage(last);
        return padding.crop(image);
    }

    private static RandomAccessibleInterval<DoubleType> numbers(final NDArray pixels) {
        return ArrayImgs.doubles(
                pixels.toDoubleArray(),
                pixels.getShape().get(3),
                pixels.getShape().get(2),
                pixels.getShape().get(1));
    }
}
