package palindrome.sampler;

import java.util.Arrays;

/**
 * How fast the training of a diffusion model drowned images in noise: the
 * cumulated signal power ᾱ_t of its T noise levels, t = 0 the cleanest. At level
 * t an image x₀ became √ᾱ_t·x₀ + √(1−ᾱ_t)·ε.
 * <p>
 * Immutable; computed in float64 (Ho et al. 2020, Nichol and Dhariwal 2021; names
 * as in diffusers).
 */
public final class NoiseSchedule {

    private static final double MAX_COSINE_BETA = 0.999;
    private static final double COSINE_OFFSET = 0.008;

    private final double[] alphasCumprod;

    private NoiseSchedule(final double[] alphasCumprod) {
        this.alphasCumprod = alphasCumprod;
    }

    /**
     * diffusers' {@code linear}: β evenly spaced.
     *
     * @param levels number T of noise levels, at least 2
     * @param betaStart β of the cleanest level, in (0, 1)
     * @param betaEnd β of the noisiest level, in (0, 1)
     */
    public static NoiseSchedule linear(final int levels, final double betaStart, final double betaEnd) {
        requireLevels(levels);
        final double[] betas = new double[levels];
        for (int t = 0; t < levels; t++) betas[t] = evenly(betaStart, betaEnd, t, levels);
        return ofBetas(betas);
    }

    /**
     * diffusers' {@code scaled_linear}, which the latent-diffusion code calls
     * "linear": √β evenly spaced.
     *
     * @param levels number T of noise levels, at least 2
     * @param betaStart β of the cleanest level, in (0, 1)
     * @param betaEnd β of the noisiest level, in (0, 1)
     */
    public static NoiseSchedule scaledLinear(final int levels, final double betaStart, final double betaEnd) {
        requireLevels(levels);
        final double[] betas = new double[levels];
        for (int t = 0; t < levels; t++) {
            final double root = evenly(Math.sqrt(betaStart), Math.sqrt(betaEnd), t, levels);
            betas[t] = root * root;
        }
        return ofBetas(betas);
    }

    /**
     * diffusers' {@code squaredcos_cap_v2}: ᾱ follows a squared cosine, β at most
     * 0.999.
     *
     * @param levels number T of noise levels, at least 2
     */
    public static NoiseSchedule squaredCosine(final int levels) {
        requireLevels(levels);
        final double[] betas = new double[levels];
        for (int t = 0; t < levels; t++) {
            final double ratio = squaredCosineAt((t + 1.0) / levels) / squaredCosineAt((double) t / levels);
            betas[t] = Math.min(1 - ratio, MAX_COSINE_BETA);
        }
        return ofBetas(betas);
    }

    /**
     * @param betas share of the power that each level replaces by noise, one a
     *          level, each in (0, 1); copied
     * @throws IllegalArgumentException naming the first β out of range
     */
    public static NoiseSchedule ofBetas(final double[] betas) {
        requireLevels(betas.length);
        final double[] alphasCumprod = new double[betas.length];
        double product = 1;
        for (int t = 0; t < betas.length; t++) {
            if (!(betas[t] > 0 && betas[t] < 1))
                throw new IllegalArgumentException("The noise schedule's beta at level " + t + " is " + betas[t]
                        + "; it must lie between 0 and 1. Check the model's scheduler_config.json.");
            product *= 1 - betas[t];
            alphasCumprod[t] = product;
        }
        return new NoiseSchedule(alphasCumprod);
    }

    /**
     * diffusers' {@code rescale_betas_zero_snr} (Lin et al. 2024, Algorithm 1): √ᾱ
     * shifted and scaled so that the noisiest level is noise alone, ᾱ = 0.
     */
    public NoiseSchedule withZeroTerminalSnr() {
        final double first = Math.sqrt(alphasCumprod[0]);
        final double last = Math.sqrt(alphasCumprod[alphasCumprod.length - 1]);
        final double[] rescaled = new double[alphasCumprod.length];
        for (int t = 0; t < rescaled.length; t++) {
            final double root = (Math.sqrt(alphasCumprod[t]) - last) * first / (first - last);
            rescaled[t] = root * root;
        }
        return new NoiseSchedule(rescaled);
    }

    /**
     * The timestep of a noise level between the trained ones, by linear interpolation over ln σ̄.
     *
     * @param sigmaBar σ̄ = σ/α, positive
     * @return a timestep from 0 to T − 1, in general a fraction; the nearest end for a level outside of the model's
     */
    public double timestepAt(final double sigmaBar) {
        int above = 0;
        while (above < levels() && sigmaBar(above) < sigmaBar) above++;
        if (above == 0) return 0;
        if (above == levels()) return levels() - 1.0;
        if (Double.isInfinite(sigmaBar(above))) return above;
        final double low = Math.log(sigmaBar(above - 1));
        final double share = (Math.log(sigmaBar) - low) / (Math.log(sigmaBar(above)) - low);
        return above - 1 + share;
    }

    /**
     * @param level from 0 to T − 1
     * @return σ̄ = σ/α there; infinite where nothing but noise is left
     */
    public double sigmaBar(final int level) {
        return Math.sqrt((1 - alphasCumprod[level]) / alphasCumprod[level]);
    }

    /** @return number T of noise levels */
    public int levels() {
        return alphasCumprod.length;
    }

    /**
     * @param level from 0, the cleanest, to T−1
     * @return ᾱ there, in [0, 1)
     */
    public double alphaCumprod(final int level) {
        return alphasCumprod[level];
    }

    /** @return a copy of ᾱ of all levels, strictly falling */
    public double[] alphasCumprod() {
        return alphasCumprod.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof NoiseSchedule schedule && Arrays.equals(alphasCumprod, schedule.alphasCumprod);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(alphasCumprod);
    }

    private static double evenly(final double start, final double end, final int index, final int count) {
        return start + (end - start) * index / (count - 1);
    }

    private static double squaredCosineAt(final double time) {
        // NB: StrictMath, so that the grid has the same bits on every machine.
        final double cosine = StrictMath.cos((time + COSINE_OFFSET) / (1 + COSINE_OFFSET) * Math.PI / 2);
        return cosine * cosine;
    }

    private static void requireLevels(final int levels) {
        if (levels < 2)
            throw new IllegalArgumentException(
                    "A noise schedule has " + levels
                            + " level(s); it needs at least 2. Check num_train_timesteps in the model's scheduler_config.json.");
    }
}
