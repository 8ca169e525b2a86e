package palindrome.sampler;

/**
 * EDM's noise levels and churn (Karras et al. 2022, eq. 5 and Algorithm 2), with the names of the authors' code.
 *
 * @param sigmaMin lowest level σ̄ above 0; the model's lowest, if that is higher
 * @param sigmaMax highest level; the model's highest, if that is lower
 * @param rho exponent ρ, positive: greater values put more levels near the image
 * @param churn S_churn, at least 0: how much noise is added again over the whole run
 * @param churnMin S_min, lowest level at which noise is added
 * @param churnMax S_max, highest such level
 */
public record KarrasSpacing(
        double sigmaMin, double sigmaMax, double rho, double churn, double churnMin, double churnMax) {

    /** More would let a step add more noise than it takes away. */
    private static final double MAX_RAISE = Math.sqrt(2) - 1;

    /** The authors' range and ρ, without churn. */
    public static final KarrasSpacing DEFAULT = new KarrasSpacing(0.002, 80, 7, 0, 0, Double.POSITIVE_INFINITY);

    /**
     * @throws IllegalArgumentException naming a value out of range
     */
    public KarrasSpacing {
        if (!(sigmaMin > 0 && sigmaMax > sigmaMin) || Double.isInfinite(sigmaMax))
            throw new IllegalArgumentException("Karras noise levels from " + sigmaMin + " to " + sigmaMax
                    + " cannot be used; the lowest must be above 0 and under the highest, usually 0.002 to 80.");
        if (!(rho > 0) || Double.isInfinite(rho))
            throw new IllegalArgumentException("Rho is " + rho + "; use a number above 0, usually 7.");
        if (!(churn >= 0) || Double.isInfinite(churn))
            throw new IllegalArgumentException("Churn is " + churn + "; use a number from 0 (no noise added) up.");
    }

    /** @return the same levels with another churn */
    public KarrasSpacing withChurn(final double value) {
        return new KarrasSpacing(sigmaMin, sigmaMax, rho, value, churnMin, churnMax);
    }

    /** @return the levels of nodes 1 to N, rising */
    double[] levels(final int steps, final NoiseSchedule schedule) {
        final double low = Math.max(sigmaMin, schedule.sigmaBar(0));
        final double high = Math.min(sigmaMax, schedule.sigmaBar(schedule.levels() - 1));
        if (!(low < high))
            throw new IllegalArgumentException("Karras noise levels from " + sigmaMin + " to " + sigmaMax
                    + " lie outside of the model's, " + schedule.sigmaBar(0) + " to "
                    + schedule.sigmaBar(schedule.levels() - 1) + ".");
        return levels(steps, low, high);
    }

    /** As above, for a model of any noise level. */
    double[] levels(final int steps) {
        return levels(steps, sigmaMin, sigmaMax);
    }

    private double[] levels(final int steps, final double low, final double high) {
        final double lowRoot = Math.pow(low, 1 / rho);
        final double highRoot = Math.pow(high, 1 / rho);
        final double[] levels = new double[steps];
        for (int i = 0; i < steps; i++)
            levels[i] = Math.pow(lowRoot + (double) i / (steps - 1) * (highRoot - lowRoot), rho);
        return levels;
    }

    /** @return the level to which a state at {@code level} is raised before its step */
    double raised(final double level, final int steps) {
        if (level < churnMin || level > churnMax) return level;
        return level * (1 + Math.min(churn / steps, MAX_RAISE));
    }
}
