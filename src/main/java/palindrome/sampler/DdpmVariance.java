package palindrome.sampler;

/**
 * How much noise an ancestral step draws: the two fixed choices of Ho, Jain and Abbeel (2020, section 3.2), which are the
 * bounds of what a network could learn. The names are diffusers'.
 */
public enum DdpmVariance {

    /** β̃, the variance of q(x_(i−1) | x_i, x₀): optimal where the data are a single image. */
    FIXED_SMALL {
        @Override
        double of(final double beta, final double powerRatio) {
            return powerRatio * beta;
        }
    },

    /** β, the variance the step to noise added: optimal where the data are noise themselves. */
    FIXED_LARGE {
        @Override
        double of(final double beta, final double powerRatio) {
            return powerRatio == 0 ? 0 : beta;
        }
    };

    /**
     * @param beta β = 1 − α_i²/α²_(i−1) between the two nodes
     * @param powerRatio σ²_(i−1)/σ_i², 0 where the step ends in a noise-free node, in which nothing is drawn
     * @return the variance
     */
    abstract double of(double beta, double powerRatio);
}
