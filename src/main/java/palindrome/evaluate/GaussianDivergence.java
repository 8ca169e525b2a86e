package palindrome.evaluate;

import palindrome.sampler.NodeGrid;

/**
 * How a wrong prior fares, without any randomness: for normally distributed data every step of DDIM with noise η maps a
 * normal distribution to another one, whose mean and variance follow from numbers, and whose Kullback-Leibler divergence
 * from the data has a closed form (the theory of SDE-Drag: Nie et al. 2024). Under the ODE (η = 0) the divergence stays
 * as it was; under the SDE (η = 1) it shrinks.
 *
 * @param before divergence at the noisy end, nats
 * @param after divergence at the clean end, nats
 * @param mean of what arrives at the clean end
 */
record GaussianDivergence(double before, double after, double mean) {

    /**
     * @param data the data
     * @param grid nodes with a noise-free clean one
     * @param eta η, from 0 to 1
     * @param priorMean of the distribution at the noisiest node
     * @param priorVariance of the same
     */
    static GaussianDivergence of(
            final GaussianData data,
            final NodeGrid grid,
            final double eta,
            final double priorMean,
            final double priorVariance) {
        double mean = priorMean;
        double variance = priorVariance;
        for (int i = grid.steps(); i >= 1; i--) {
            final EtaCoefficients step = EtaCoefficients.of(grid, i, eta);
            final double slope = grid.sigma(i) / data.variance(grid.alpha(i), grid.sigma(i));
            final double factor = step.state() + step.noise() * slope;
            mean = factor * mean - step.noise() * slope * grid.alpha(i) * data.mean();
            variance = factor * factor * variance + step.fresh() * step.fresh();
        }
        final int last = grid.steps();
        return new GaussianDivergence(
                divergence(
                        priorMean,
                        priorVariance,
                        grid.alpha(last) * data.mean(),
                        data.variance(grid.alpha(last), grid.sigma(last))),
                divergence(mean, variance, data.mean(), data.variance(1, 0)),
                mean);
    }

    private static double divergence(final double mean, final double variance, final double ofMean, final double of) {
        final double gap = mean - ofMean;
        return (Math.log(of / variance) + (variance + gap * gap) / of - 1) / 2;
    }
}
