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
 * @param learningRate Adam's at the first step, above 0; 1e-2 in the paper's program
 */
public record NullTextSettings(double guidanceScale, int iterations, double earlyStop, double learningRate) {

    private static final int DEFAULT_ITERATIONS = 10;
    private static final double DEFAULT_EARLY_STOP = 1e-5;
    private static final double EARLY_STOP_GROWTH = 2e-5;
    private static final double DEFAULT_LEARNING_RATE = 1e-2;

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
        if (!(learningRate > 0) || Double.isInfinite(learningRate))
            throw new IllegalArgumentException("The learning rate is " + learningRate + "; use a number above 0.");
    }

    /**
     * As in the paper's program: 10 iterations, early stop 1e-5, learning rate 1e-2.
     *
     * @throws IllegalArgumentException if the guidance is not above 1
     */
    public static NullTextSettings of(final double guidanceScale) {
        return new NullTextSettings(guidanceScale, DEFAULT_ITERATIONS, DEFAULT_EARLY_STOP, DEFAULT_LEARNING_RATE);
    }

    /**
     * @param k step, from 0 up
     * @return Adam's learning rate at that step, (1 − k/100) of the first one, but never
     *         less than a hundredth: the paper's formula is for at most 100 steps
     */
    double learningRateAt(final int k) {
        return learningRate * (1 - Math.min(k, FALLING_STEPS) / 100.0);
    }

    /**
     * @param k step, from 0 up
     * @return mean squared error below which the search ends
     */
    double goodEnough(final int k) {
        return earlyStop + k * EARLY_STOP_GROWTH;
    }
}
