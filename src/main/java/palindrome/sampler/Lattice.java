package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import palindrome.engine.Tensors;

/**
 * Exact arithmetic: a state of real value u is kept as integers U on a lattice of
 * spacing δ·s, u = s·δ·U, whose scale s absorbs the factor of every coupling:
 *
 * <pre>u ← c·u + f:   s ← c·s,  U ← U + round(f/(δ·s))</pre>
 *
 * No factor ever touches U, and integer addition undoes integer addition, so a
 * run and its inverse end where they began to the last bit, however strongly the
 * method amplifies rounding. δ is a power of two.
 */
public final class Lattice implements Arithmetic {

    /** δ = 2⁻²⁴, the spacing of float32 just under 1. */
    public static final int DEFAULT_FRACTION_BITS = 24;

    /**
     * Largest integer a state may hold and largest that may be added to it: the sum
     * of two stays inside 63 bits.
     */
    private static final double LIMIT = 0x1p62;

    private static final int MAX_FRACTION_BITS = 52;

    private final double spacing;
    private final int fractionBits;

    public Lattice() {
        this(DEFAULT_FRACTION_BITS);
    }

    /**
     * @param fractionBits b of δ = 2^−b, from 0 to 52
     */
    public Lattice(final int fractionBits) {
        if (fractionBits < 0 || fractionBits > MAX_FRACTION_BITS)
            throw new IllegalArgumentException("A lattice of 2^-" + fractionBits + " cannot be used; take from 0 to "
                    + MAX_FRACTION_BITS + " fraction bits.");
        this.fractionBits = fractionBits;
        spacing = Math.scalb(1.0, -fractionBits);
    }

    /** @return b of δ = 2^−b */
    public int fractionBits() {
        return fractionBits;
    }

    @Override
    public String name() {
        return "int64 lattice, spacing 2^-" + fractionBits;
    }

    @Override
    public ScaleTable scales(final CouplingProgram program, final End anchor) {
        return ScaleTable.following(program, anchor);
    }

    @Override
    public NDArray store(final NDArray values, final double scale) {
        final NDArray rounded = inUnits(values, scale);
        requireRange(rounded.max(), rounded.min());
        return Tensors.cast(rounded, DataType.INT64);
    }

    @Override
    public NDArray value(final NDArray state, final double scale) {
        return Tensors.cast(state, DataType.FLOAT64).mul(scale * spacing);
    }

    @Override
    public NDArray forward(final NDArray state, final double factor, final NDArray increment, final double scale) {
        final NDArray rounded = inUnits(increment, scale);
        return inRange(state.add(Tensors.cast(rounded, DataType.INT64)), rounded);
    }

    @Override
    public NDArray inverse(final NDArray state, final double factor, final NDArray increment, final double scale) {
        final NDArray rounded = inUnits(increment, scale);
        return inRange(state.sub(Tensors.cast(rounded, DataType.INT64)), rounded);
    }

    private NDArray inUnits(final NDArray values, final double scale) {
        return values.div(scale * spacing).round();
    }

    /** Looks at the float increment too, since a cast of what does not fit has no defined result. */
    private static NDArray inRange(final NDArray sum, final NDArray rounded) {
        requireRange(
                rounded.max(),
                rounded.min(),
                Tensors.cast(sum.max(), DataType.FLOAT64),
                Tensors.cast(sum.min(), DataType.FLOAT64));
        return sum;
    }

    /** The one wait for the device a coupling costs. */
    private static void requireRange(final NDArray... extremes) {
        double largest = 0;
        for (final double extreme : NDArrays.stack(new NDList(extremes)).toDoubleArray())
            largest = Math.max(largest, Math.abs(extreme));
        if (largest <= LIMIT) return;
        throw new StateRangeException(Double.isFinite(largest));
    }
}
