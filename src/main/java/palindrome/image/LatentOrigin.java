package palindrome.image;

import java.util.Objects;

/**
 * What it takes to make the original image again from decoded numbers.
 *
 * @param image the original without its pixels
 * @param padding how it was extended for the model
 * @param residual what decoding does not return by itself
 */
public record LatentOrigin(SourceImage image, Padding padding, Residual residual) {

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
