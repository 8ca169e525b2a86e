package palindrome.image;

import java.util.Objects;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;

/**
 * What it takes to make the original image again from decoded numbers.
 *
 * @param image the original without its pixels
 * @param padding how it was extended for the model
 * @param residual what decoding does not return by itself
 */
public record LatentOrigin(SourceImage image, Padding padding, Residual residual) {

    /**
     * The origin of a latent that an image was just made into.
     *
     * @param image the original
     * @param plane its pixels
     * @param padding how it was extended for the model
     * @param decoded the numbers that decoding returns, without the padding
     */
    public static LatentOrigin of(
            SourceImage image,
            PixelPlane plane,
            Padding padding,
            RandomAccessibleInterval<? extends RealType<?>> decoded) {
        return new LatentOrigin(
                image, padding, Residual.between(plane, image.codec().decode(decoded)));
    }

    public LatentOrigin {
        Objects.requireNonNull(image);
        Objects.requireNonNull(padding);
        Objects.requireNonNull(residual);
        int size = Math.multiplyExact(image.width(), image.height());
        if (residual.size() != size || padding.width() != image.width() || padding.height() != image.height()) {
            throw new IllegalArgumentException("The padding and residual of a latent do not belong to its original of "
                    + image.width() + " x " + image.height() + ".");
        }
    }
}
