package palindrome.sampler;

import org.apache.commons.math3.distribution.NormalDistribution;

/** Data distributions whose noise prediction is known in closed form. */
final class ToyData {

    private static final double[] WEIGHTS = {0.3, 0.5, 0.2};
    private static final double[] MEANS = {-1.2, 0.4, 1.5};
    private static final double DEVIATION = 0.3;

    private ToyData() {}

    /** The Gaussian G of the golden table: mean 0.3, standard deviation 0.5. */
    static Elementwise.Formula gaussian(final NodeGrid grid) {
        return gaussian(grid, 0.3, 0.5);
    }

    /** ε = σ(x − αμ)/(α²s² + σ²) */
    static Elementwise.Formula gaussian(final NodeGrid grid, final double mean, final double deviation) {
        return (x, node) -> {
            final double alpha = grid.alpha(node);
            final double sigma = grid.sigma(node);
            return sigma * (x - alpha * mean) / (alpha * alpha * deviation * deviation + sigma * sigma);
        };
    }

    /** The mixture M of the golden table: weights .3, .5, .2, means −1.2, .4, 1.5, deviation .3. */
    static Elementwise.Formula mixture(final NodeGrid grid) {
        final double[] weights = WEIGHTS;
        final double[] means = MEANS;
        final double deviation = DEVIATION;
        return (x, node) -> {
            final double alpha = grid.alpha(node);
            final double sigma = grid.sigma(node);
            final double variance = alpha * alpha * deviation * deviation + sigma * sigma;
            double largest = Double.NEGATIVE_INFINITY;
            final double[] logs = new double[weights.length];
            for (int k = 0; k < logs.length; k++) {
                final double gap = x - alpha * means[k];
                logs[k] = Math.log(weights[k]) - gap * gap / (2 * variance);
                largest = Math.max(largest, logs[k]);
            }
            double total = 0;
            double weighted = 0;
            for (int k = 0; k < logs.length; k++) {
                final double posterior = Math.exp(logs[k] - largest);
                total += posterior;
                weighted += posterior * (x - alpha * means[k]);
            }
            return sigma * weighted / total / variance;
        };
    }

    /** Where the probability-flow ODE of G takes x from node a to node b. */
    static double exactGaussian(final NodeGrid grid, final double x, final int a, final int b) {
        final double mean = 0.3;
        final double variance = 0.25;
        final double ratio = Math.sqrt(
                (variance + grid.sigmaBar(b) * grid.sigmaBar(b)) / (variance + grid.sigmaBar(a) * grid.sigmaBar(a)));
        return grid.alpha(b) * (mean + (x / grid.alpha(a) - mean) * ratio);
    }

    /** Where the probability-flow ODE of M takes x from node a to node b: in one dimension it keeps the quantile. */
    static double exactMixture(final NodeGrid grid, final double x, final int a, final int b) {
        final double quantile = mixtureBelow(grid, x, a);
        double low = -10;
        double high = 10;
        for (int i = 0; i < 60; i++) {
            final double middle = (low + high) / 2;
            if (mixtureBelow(grid, middle, b) < quantile) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    private static double mixtureBelow(final NodeGrid grid, final double x, final int node) {
        final double deviation = Math.hypot(grid.alpha(node) * DEVIATION, grid.sigma(node));
        double below = 0;
        for (int k = 0; k < WEIGHTS.length; k++)
            below += WEIGHTS[k]
                    * new NormalDistribution(grid.alpha(node) * MEANS[k], deviation).cumulativeProbability(x);
        return below;
    }

    /** σ̄ evenly spaced in its cube root from 0.05 to 14, variance preserving. */
    static NodeGrid smoothGrid(final int steps) {
        final double low = Math.cbrt(0.05);
        final double high = Math.cbrt(14);
        final double[] alpha = new double[steps + 1];
        final double[] sigma = new double[steps + 1];
        for (int k = 0; k <= steps; k++) {
            final double sigmaBar = Math.pow(low + (double) k / steps * (high - low), 3);
            alpha[k] = 1 / Math.sqrt(1 + sigmaBar * sigmaBar);
            sigma[k] = sigmaBar * alpha[k];
        }
        return NodeGrid.ofNodes(alpha, sigma, new double[steps + 1]);
    }

    /** Stable Diffusion's schedule, leading, offset 1, noise-free clean node. */
    static NodeGrid stableDiffusion(final int steps) {
        return NodeGrid.of(
                NoiseSchedule.scaledLinear(1000, 0.00085, 0.012),
                TimestepSpacing.LEADING,
                steps,
                1,
                CleanNode.NOISE_FREE);
    }
}
