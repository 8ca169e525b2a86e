package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;

/**
 * Normally distributed data, of which the noise and the exact path of the probability-flow ODE are known.
 *
 * @param mean μ
 * @param deviation s, above 0
 */
record GaussianData(double mean, double deviation) {

    /** ε = σ(x − αμ)/(α²s² + σ²). */
    Predictor predictor(final NodeGrid grid) {
        return (state, node) -> {
            final double factor = grid.sigma(node) / variance(grid.alpha(node), grid.sigma(node));
            try (NDArray centred = state.sub(grid.alpha(node) * mean)) {
                return centred.mul(factor);
            }
        };
    }

    /** @return where the ODE takes x from one node to another */
    double exact(final NodeGrid grid, final double x, final int from, final int to) {
        final double ratio = Math.sqrt(variance(1, grid.sigmaBar(to)) / variance(1, grid.sigmaBar(from)));
        return grid.alpha(to) * (mean + (x / grid.alpha(from) - mean) * ratio);
    }

    /** @return α²s² + σ² */
    double variance(final double alpha, final double sigma) {
        return alpha * alpha * deviation * deviation + sigma * sigma;
    }
}
