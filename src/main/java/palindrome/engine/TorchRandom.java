package palindrome.engine;

/**
 * Normal random numbers as {@code torch.randn} draws them on a CPU from a
 * generator of its own ({@code torch.Generator().manual_seed(seed)}).
 * <p>
 * The bits come from the 32-bit Mersenne Twister (Matsumoto and Nishimura 1998).
 * From 16 numbers on, PyTorch turns blocks of 16 float32 uniforms into normals by
 * Box and Muller; fewer are made one by one in float64. Not safe for use by
 * several threads.
 */
public final class TorchRandom {

    private static final int BLOCK = 16;
    private static final int HALF = BLOCK / 2;
    private static final float FLOAT_UNIT = 0x1p-24f;
    private static final double DOUBLE_UNIT = 0x1p-53;

    private final MersenneTwister twister;
    /** The second number of a pair, kept for the next call as PyTorch does; NaN for none. */
    private double spare = Double.NaN;

    /** @param seed as given to {@code manual_seed}; its lower 32 bits count */
    public TorchRandom(final long seed) {
        twister = new MersenneTwister((int) seed);
    }

    /**
     * @param n how many numbers, at least 0
     * @return what {@code torch.randn(n)} returns next
     */
    public float[] randn(final int n) {
        return n < BLOCK ? few(n) : blocks(n);
    }

    private float[] few(final int n) {
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = (float) next();
        return values;
    }

    private double next() {
        if (!Double.isNaN(spare)) {
            final double value = spare;
            spare = Double.NaN;
            return value;
        }
        final double angle = 2 * Math.PI * uniform();
        final double radius = Math.sqrt(-2 * StrictMath.log1p(-uniform()));
        spare = radius * StrictMath.sin(angle);
        return radius * StrictMath.cos(angle);
    }

    private double uniform() {
        final long high = twister.next();
        final long low = twister.next() & 0xffffffffL;
        return ((high << 32 | low) & (1L << 53) - 1) * DOUBLE_UNIT;
    }

    private float[] blocks(final int n) {
        final float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = floatUniform();
        for (int start = 0; start + BLOCK <= n; start += BLOCK) toNormal(values, start);
        if (n % BLOCK != 0) {
            // The last block overlaps the one before and is drawn anew.
            final int start = n - BLOCK;
            for (int i = start; i < n; i++) values[i] = floatUniform();
            toNormal(values, start);
        }
        return values;
    }

    private float floatUniform() {
        return (twister.next() & (1 << 24) - 1) * FLOAT_UNIT;
    }

    private static void toNormal(final float[] values, final int start) {
        for (int j = start; j < start + HALF; j++) {
            final float u1 = 1 - values[j];
            final float u2 = values[j + HALF];
            final float radius = (float) Math.sqrt(-2 * (float) StrictMath.log(u1));
            final float angle = (float) (2 * Math.PI) * u2;
            values[j] = radius * (float) StrictMath.cos(angle);
            values[j + HALF] = radius * (float) StrictMath.sin(angle);
        }
    }
}
