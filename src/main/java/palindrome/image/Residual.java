package palindrome.image;

import java.util.Arrays;

/**
 * What decoding does not return of the original pixels by itself: the exclusive or of the raw bits of both. It is zero
 * for most integer images; 32-bit images keep in it the bits finer than the model's numbers, 8-bit colour images the
 * choice between entries of the same colour.
 */
public final class Residual {

    private final int[] bits;

    private Residual(int[] bits) {
        this.bits = bits;
    }

    /** The residual that turns {@code decoded} into {@code original}. */
    public static Residual between(PixelPlane original, PixelPlane decoded) {
        requireSamePlane(original, decoded.type(), decoded.size());
        int[] bits = new int[original.size()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = original.bits(i) ^ decoded.bits(i);
        }
        return new Residual(bits);
    }

    /** The residual of an image under a codec: what {@code decode(encode(original))} lacks. */
    public static Residual of(PixelPlane original, PixelCodec codec) {
        return between(original, codec.decode(codec.encode(original)));
    }

    static Residual ofBits(int[] bits) {
        return new Residual(bits);
    }

    /** The original pixels, from the decoded ones. */
    public PixelPlane applyTo(PixelPlane decoded) {
        requireSamePlane(decoded, decoded.type(), bits.length);
        int[] restored = new int[bits.length];
        for (int i = 0; i < bits.length; i++) {
            restored[i] = decoded.bits(i) ^ bits[i];
        }
        return PixelPlane.wrap(decoded.type(), decoded.width(), decoded.height(), restored);
    }

    private static void requireSamePlane(PixelPlane plane, PixelType type, int size) {
        if (plane.type() != type || plane.size() != size) {
            throw new IllegalArgumentException(
                    "A residual of " + size + " " + type + " pixels does not fit an image of " + plane + ".");
        }
    }

    /** Whether decoding alone returns the original. */
    public boolean isZero() {
        return Arrays.stream(bits).allMatch(bit -> bit == 0);
    }

    /** The number of pixels. */
    public int size() {
        return bits.length;
    }

    int bits(int i) {
        return bits[i];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Residual that && Arrays.equals(bits, that.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bits);
    }
}
