package palindrome.guide;

/**
 * How null-text inversion searches (Mokady et al. 2023, section 3.3). Steps are
 * counted from the noisy end, k = 0, 1, …
 *
 * @param guidanceScale w of the replay, above 1; 3 to 7.5 is usual
 * @param iterations gradients computed at every step at most, from 1 up; 10 in the
 *          paper's program
 * @param earlyStop mean squared error of the first step at which its search ends,
 *          from 0 up; later steps are content with 2e-5 more each
 */
public record NullTextSettings(double guidanceScale, int iterations, double earlyStop) {

    private static final int DEFAULT_ITERATIONS = 10;
    private static final double DEFAULT_EARLY_STOP = 1e-5;
    private static final double EARLY_STOP_GROWTH = 2e-5;
    private static final double LEARNING_RATE = 1e-2;

    /** The rate falls by a hundredth of itself each step, and stays at the last hundredth. */
    private static final int FALLING_STEPS = 99;

    public NullTextSettings {
        if (!(guidanceScale > 1) || Double.isInfinite(guidanceScale))
            throw new IllegalArgumentException("Guidance is " + guidanceScale
                    + ", where null-text inversion has nothing to optimise; use a guidance above 1, usually 3 to 7.5.");
        if (iterations < 1)
            throw new IllegalArgumentException(
                    "Null-text inversion cannot make " + iterations + " iterations a step; use 1 or more.");
        if (!(earlyStop >= 0))
            throw new IllegalArgumentException("The early stop is " + earlyStop + "; use an error of 0 or more.");
    }

    /**
     * As in the paper's program: 10 iterations, early stop 1e-5.
     *
     * @throws IllegalArgumentException if the guidance is not above 1
     */
    public static NullTextSettings of(final double guidanceScale) {
        return new NullTextSettings(guidanceScale, DEFAULT_ITERATIONS, DEFAULT_EARLY_STOP);
    }

    /**
     * @param k step, from 0 up
     * @return Adam's learning rate 1e-2·(1 − k/100), but never less than 1e-4: the
     *         paper's formula is for at most 100 steps
     */
    double learningRate(final int k) {
        return LEARNING_RATE * (1 - Math.min(k, FALLING_STEPS) / 100.0);
    }

    /**
     * @param k step, from 0 up
     * @return mean squared error below which the search ends
     */
    double goodEnough(final int k) {
        return earlyStop + k * EARLY_STOP_GROWTH;
    }
}
