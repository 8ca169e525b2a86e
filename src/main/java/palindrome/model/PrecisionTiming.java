package palindrome.model;

/**
 * How long the same evaluations of a network took in both precisions.
 *
 * @param float32 seconds an evaluation, above 0
 * @param float16 seconds an evaluation, above 0
 */
public record PrecisionTiming(double float32, double float16) {

    /** Less is not worth the coarser numbers. */
    private static final double WORTHWHILE = 1.2;

    public PrecisionTiming {
        if (!(float32 > 0 && float16 > 0) || Double.isInfinite(float32) || Double.isInfinite(float16))
            throw new IllegalArgumentException(
                    "Times must be positive and finite, not " + float32 + " and " + float16 + ".");
    }

    /** @return how many times as fast half precision is */
    public double speedup() {
        return float32 / float16;
    }

    /** @return whether half precision is worth using */
    public boolean pays() {
        return speedup() >= WORTHWHILE;
    }
}
