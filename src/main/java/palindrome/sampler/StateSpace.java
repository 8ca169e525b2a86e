package palindrome.sampler;

/**
 * The coordinates in which BDIA gives the state before last its weight. In between, both describe the same ODE; a weight
 * below 1 means another scheme in each.
 */
enum StateSpace {

    /** x = αx₀ + σε, as diffusion models are trained. */
    VARIANCE_PRESERVING {
        @Override
        double inModelSpace(final double gamma, final NodeGrid grid, final int cleaner, final int noisier) {
            return gamma;
        }
    },

    /** x̄ = x/α = x₀ + σ̄ε, as EDM steps (Karras et al. 2022). */
    VARIANCE_EXPLODING {
        @Override
        double inModelSpace(final double gamma, final NodeGrid grid, final int cleaner, final int noisier) {
            return gamma * grid.alpha(cleaner) / grid.alpha(noisier);
        }
    };

    /** @return the weight of x at the noisier node in a step to the cleaner one, for a weight {@code gamma} here */
    abstract double inModelSpace(double gamma, NodeGrid grid, int cleaner, int noisier);
}
