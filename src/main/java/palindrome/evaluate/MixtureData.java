package palindrome.evaluate;

/** The mixture of three normal distributions of the published toy experiments, with its noise in closed form. */
final class MixtureData {

    private static final double[] WEIGHTS = {0.3, 0.5, 0.2};
    private static final double[] MEANS = {-1.2, 0.4, 1.5};
    private static final double DEVIATION = 0.3;

    /** @return ε of a number at signal scale α and noise scale σ */
    double epsilon(final double x, final double alpha, final double sigma) {
        final double variance = variance(alpha, sigma);
        double largest = Double.NEGATIVE_INFINITY;
        final double[] logs = new double[WEIGHTS.length];
        for (int k = 0; k < logs.length; k++) {
            final double gap = x - alpha * MEANS[k];
            logs[k] = Math.log(WEIGHTS[k]) - gap * gap / (2 * variance);
            largest = Math.max(largest, logs[k]);
        }
        double total = 0;
        double weighted = 0;
        for (int k = 0; k < logs.length; k++) {
            // NB: relative to the largest, or all of them may vanish far from the data.
            final double posterior = Math.exp(logs[k] - largest);
            total += posterior;
            weighted += posterior * (x - alpha * MEANS[k]);
        }
        return sigma * weighted / total / variance;
    }

    /** @return probability density at signal scale α and noise scale σ */
    double density(final double x, final double alpha, final double sigma) {
        final double variance = variance(alpha, sigma);
        double density = 0;
        for (int k = 0; k < WEIGHTS.length; k++) {
            final double gap = x - alpha * MEANS[k];
            density += WEIGHTS[k] * Math.exp(-gap * gap / (2 * variance));
        }
        return density / Math.sqrt(2 * Math.PI * variance);
    }

    private static double variance(final double alpha, final double sigma) {
        return alpha * alpha * DEVIATION * DEVIATION + sigma * sigma;
    }
}
