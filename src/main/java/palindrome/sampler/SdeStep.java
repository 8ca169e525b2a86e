package palindrome.sampler;

import ai.djl.ndarray.NDArray;

/**
 * The exponential integrator of the diffusion SDE between two nodes a and b (Lu et al. 2022, eq. 12), exact where the
 * predicted image D does not change on the way. With h = λ_b − λ_a,
 *
 * <pre>x_b = (σ_b/σ_a)e^(−h)·x_a + α_b(1 − e^(−2h))·D + σ_b√(1 − e^(−2h))·z</pre>
 *
 * @param linear factor of x_a
 * @param image factor of D
 * @param fresh deviation of the fresh noise; 0 where b is free of noise
 */
record SdeStep(double linear, double image, double fresh) {

    /**
     * @param from a, any node with noise, also one of noise alone
     * @param to b, a cleaner one
     */
    static SdeStep of(final NodeGrid grid, final int from, final int to) {
        final double h = grid.logSnr(to) - grid.logSnr(from);
        final double kept = -Math.expm1(-2 * h);
        return new SdeStep(
                grid.sigma(to) / grid.sigma(from) * Math.exp(-h),
                grid.alpha(to) * kept,
                grid.sigma(to) * Math.sqrt(kept));
    }

    /** @return x_b without the fresh noise, a new array in the manager of {@code state} */
    NDArray mean(final NDArray state, final NDArray predicted) {
        return OneStepSolver.combined(state, linear, predicted, image);
    }

    /** @return x_b, a new array in the manager of {@code state}; nothing is drawn where there is nothing to add */
    NDArray drawn(final NDArray state, final NDArray predicted, final NoiseSource source) {
        final NDArray mean = mean(state, predicted);
        if (fresh == 0) return mean;
        final NDArray noise = source.draw(state.getManager(), state.getShape().getShape());
        return OneStepSolver.combined(mean, 1, noise, fresh);
    }
}
