package palindrome.image;

import java.util.Arrays;

/**
 * One state of a sampler on its integer lattice: the real value of element i is {@code scale * 2^-24 * value(i)}.
 * Immutable; two states are equal when their integers and scales are.
 */
public final class LatentState {

    private final long[] values;
    private final double scale;

    /**
     * Copies a state.
     *
     * @param values the integers, [channels][height][width]
     * @param scale finite and not zero
     */
    public LatentState(long[] values, double scale) {
        this(scale, values.clone());
    }

    private LatentState(double scale, long[] values) {
        if (scale == 0 || !Double.isFinite(scale)) {
            throw new IllegalArgumentException(
                    "The scale of a latent state is " + scale + ", but must be finite and not 0.");
        }
        this.values = values;
        this.scale = scale;
    }

    /** Takes over an array that nobody else keeps. */
    static LatentState wrap(long[] values, double scale) {
        return new LatentState(scale, values);
    }

    /** A copy of the integers. */
    public long[] values() {
        return values.clone();
    }

    /** The integer of element i. */
    public long value(int i) {
        return values[i];
    }

    /** The number of elements. */
    public int size() {
        return values.length;
    }

    /** The real value of 2^24 integer steps. */
    public double scale() {
        return scale;
    }

    /** The real value of one integer step. */
    public double unit() {
        return scale * PixelCodec.SPACING;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LatentState that
                && Double.compare(scale, that.scale) == 0
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
