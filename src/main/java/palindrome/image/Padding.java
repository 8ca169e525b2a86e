package palindrome.image;

import net.imglib2.FinalInterval;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.view.Views;

/**
 * Extends an image to the right and downwards by reflection, until both sides are multiples of what a model needs, and
 * crops it again. The edge pixel is not repeated (a b c becomes a b c b a b c ...), except on an axis of one pixel.
 *
 * @param width the width of the image, pixels
 * @param height the height of the image, pixels
 * @param paddedWidth the width the model sees, pixels
 * @param paddedHeight the height the model sees, pixels
 */
public record Padding(int width, int height, int paddedWidth, int paddedHeight) {

    public Padding {
        if (width < 1 || height < 1 || paddedWidth < width || paddedHeight < height) {
            throw new IllegalArgumentException("An image of " + width + " x " + height + " cannot be padded to "
                    + paddedWidth + " x " + paddedHeight + ".");
        }
    }

    /** The smallest padding of an image to multiples of {@code multiple}. */
    public static Padding toMultiple(int width, int height, int multiple) {
        if (multiple < 1) {
            throw new IllegalArgumentException("An image cannot be padded to multiples of " + multiple + ".");
        }
        return new Padding(width, height, roundUp(width, multiple), roundUp(height, multiple));
    }

    private static int roundUp(int length, int multiple) {
        return Math.multiplyExact((length - 1) / multiple + 1, multiple);
    }

    /** A padded view of an image with the axes X, Y and any others. */
    public <T> RandomAccessibleInterval<T> pad(RandomAccessibleInterval<T> image) {
        requireSize(image, width, height);
        // NB: on an axis of one pixel, imglib2's mirror leaves the image when a cursor walks along it.
        RandomAccessibleInterval<T> lines = Views.interval(
                Views.extendBorder(image),
                withSize(image, width == 1 ? paddedWidth : width, height == 1 ? paddedHeight : height));
        return Views.interval(Views.extendMirrorSingle(lines), withSize(image, paddedWidth, paddedHeight));
    }

    /** The part of a padded image that is the image. */
    public <T> RandomAccessibleInterval<T> crop(RandomAccessibleInterval<T> padded) {
        requireSize(padded, paddedWidth, paddedHeight);
        return Views.interval(padded, withSize(padded, width, height));
    }

    private static FinalInterval withSize(RandomAccessibleInterval<?> image, int width, int height) {
        long[] size = image.dimensionsAsLongArray();
        size[0] = width;
        size[1] = height;
        return new FinalInterval(size);
    }

    private static void requireSize(RandomAccessibleInterval<?> image, int width, int height) {
        if (image.dimension(0) != width || image.dimension(1) != height) {
            throw new IllegalArgumentException("The image is " + image.dimension(0) + " x " + image.dimension(1)
                    + ", not " + width + " x " + height + ".");
        }
    }
}
