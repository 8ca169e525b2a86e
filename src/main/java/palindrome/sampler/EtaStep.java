package palindrome.sampler;

import ai.djl.ndarray.NDArray;

/**
 * DDIM's step from node i to i − 1 with fresh noise (Song et al. 2021, eqs. 12 and 16):
 *
 * <pre>x_(i−1) = α_(i−1)·x̂₀ + √(σ²_(i−1) − s²)·ε + s·z,   s = η·(σ_(i−1)/σ_i)·√(1 − α_i²/α_(i−1)²)</pre>
 *
 * @param grid the nodes
 * @param node i, from 1 to N
 * @param fresh s, the deviation of the fresh noise
 */
record EtaStep(NodeGrid grid, int node, double fresh) {

    /** @param eta η, from 0 to 1 */
    static EtaStep of(final NodeGrid grid, final int node, final double eta) {
        final double ratio = grid.alpha(node) / grid.alpha(node - 1);
        return new EtaStep(grid, node, eta * grid.sigma(node - 1) / grid.sigma(node) * Math.sqrt(1 - ratio * ratio));
    }

    /** @return √(σ²_(i−1) − s²), the factor of the predicted noise */
    double direction() {
        final double sigma = grid.sigma(node - 1);
        return Math.sqrt(Math.max(0, sigma * sigma - fresh * fresh));
    }

    /** @return what the step leads to without the fresh noise, a new array in the manager of {@code state} */
    NDArray mean(final NDArray state, final Predictor network) {
        final double cleaner = grid.alpha(node - 1);
        if (grid.alpha(node) == 0) {
            try (NDArray image = network.clean(state, node)) {
                return OneStepSolver.combined(image, cleaner, state, direction() / grid.sigma(node));
            }
        }
        final double ratio = cleaner / grid.alpha(node);
        try (NDArray epsilon = network.epsilon(state, node)) {
            return OneStepSolver.combined(state, ratio, epsilon, direction() - ratio * grid.sigma(node));
        }
    }
}
