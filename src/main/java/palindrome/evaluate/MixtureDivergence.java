package palindrome.evaluate;

import java.util.Random;
import java.util.function.ToDoubleFunction;
import palindrome.sampler.NodeGrid;

/**
 * The toy experiment of SDE-Drag (Nie et al. 2024): numbers drawn from a wrong prior are led to the data by DDIM with
 * noise η, and the Kullback-Leibler divergence from the data is estimated by a histogram.
 *
 * @param before divergence at the noisy end, nats
 * @param after divergence at the clean end, nats
 */
record MixtureDivergence(double before, double after) {

    private static final double LOW = -4;
    private static final double HIGH = 4;
    private static final int BINS = 400;
    private static final double WIDTH = (HIGH - LOW) / BINS;

    /**
     * @param samples how many numbers; 400,000 give two digits
     * @param grid nodes with a noise-free clean one
     * @param eta η, from 0 to 1
     * @param prior draws a number for the noisiest node
     * @param seed of all randomness
     */
    static MixtureDivergence of(
            final int samples,
            final NodeGrid grid,
            final double eta,
            final ToDoubleFunction<Random> prior,
            final long seed) {
        final MixtureData data = new MixtureData();
        final Random random = new Random(seed);
        final double[] x = new double[samples];
        for (int k = 0; k < samples; k++) x[k] = prior.applyAsDouble(random);
        final int last = grid.steps();
        final double before = divergence(x, data, grid.alpha(last), grid.sigma(last));
        for (int i = last; i >= 1; i--) {
            final EtaCoefficients step = EtaCoefficients.of(grid, i, eta);
            for (int k = 0; k < samples; k++) {
                x[k] = step.state() * x[k] + step.noise() * data.epsilon(x[k], grid.alpha(i), grid.sigma(i));
                if (step.fresh() > 0) x[k] += step.fresh() * random.nextGaussian();
            }
        }
        return new MixtureDivergence(before, divergence(x, data, 1, 0));
    }

    private static double divergence(final double[] x, final MixtureData data, final double alpha, final double sigma) {
        final int[] histogram = new int[BINS];
        for (final double value : x) {
            final int bin = (int) Math.floor((value - LOW) / WIDTH);
            if (bin >= 0 && bin < BINS) histogram[bin]++;
        }
        double divergence = 0;
        for (int bin = 0; bin < BINS; bin++) {
            if (histogram[bin] == 0) continue;
            final double share = (double) histogram[bin] / x.length;
            final double expected = data.density(LOW + (bin + 0.5) * WIDTH, alpha, sigma) * WIDTH;
            divergence += share * Math.log(share / expected);
        }
        return divergence;
    }
}
