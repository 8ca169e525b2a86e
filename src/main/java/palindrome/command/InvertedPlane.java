package palindrome.command;

import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.edit.Inversion;
import palindrome.image.LatentOrigin;
import palindrome.image.PixelPlane;
import palindrome.image.PixelType;

/**
 * A plane as noise, and what it takes to make its pixels again.
 *
 * @param inversion the noise
 * @param origin the plane
 */
record InvertedPlane(Inversion inversion, LatentOrigin origin) {

    PixelType type() {
        return origin.image().codec().type();
    }

    /** Pixels of the plane's type. */
    PixelPlane decoded(final RandomAccessibleInterval<DoubleType> numbers) {
        return origin.image().codec().decode(numbers);
    }

    /** The plane itself, to the last bit; if the machine rounds otherwise than where it was inverted, nearly so. */
    PixelPlane restored(final RandomAccessibleInterval<DoubleType> numbers) {
        final PixelPlane decoded = decoded(numbers);
        final PixelPlane restored = origin.residual().applyTo(decoded);
        return restored.sha256().equals(origin.image().sha256()) ? restored : decoded;
    }
}
