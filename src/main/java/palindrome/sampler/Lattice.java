package palindrome.sampler;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import palindrome.engine.Kernel;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

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
        requireRange(Kernels.LATTICE.call("largest", rounded));
        return Tensors.cast(rounded, DataType.INT64);
    }

    @Override
    public NDArray value(final NDArray state, final double scale) {
        return Tensors.cast(state, DataType.FLOAT64).muli(scale * spacing);
    }

    @Override
    public NDArray forward(final NDArray state, final double factor, final NDArray increment, final double scale) {
        return changed("add", state, increment, scale);
    }

    @Override
    public NDArray inverse(final NDArray state, final double factor, final NDArray increment, final double scale) {
        return changed("subtract", state, increment, scale);
    }

    private NDArray inUnits(final NDArray values, final double scale) {
        return values.div(scale * spacing).round();
    }

    private NDArray changed(final String method, final NDArray state, final NDArray increment, final double scale) {
        try (NDManager host = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray unit = Tensors.of(host, new double[] {scale * spacing}, 1);
            final NDList result = Kernels.LATTICE.callForList(method, state, increment, unit);
            try (NDArray largest = result.get(1)) {
                requireRange(largest);
            }
            return result.get(0);
        }
    }

    /** The one wait for the device a coupling costs. */
    private static void requireRange(final NDArray largest) {
        final double magnitude = largest.getDouble();
        if (magnitude <= LIMIT) return;
        throw new StateRangeException(Double.isFinite(magnitude));
    }

    /** Compiled when first used; one for all lattices. */
    private static final class Kernels {

        static final Kernel LATTICE = Kernel.load(Lattice.class, "lattice.py", Map.of());
    }
}
