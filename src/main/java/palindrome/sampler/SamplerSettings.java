package palindrome.sampler;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The knobs of all samplers; each reads its own.
 *
 * @param gamma γ in (0, 1] of BDIA and its kin, or empty for automatic
 * @param coefficients BELM's a_i, one for all steps or one a step, the noisiest first, or none for automatic
 * @param mixing EDICT's p in (0, 1), or empty for automatic
 * @param eta η in [0, 1] of DDIM, Cycle-SDE and CycleDiffusion, or empty for the method's own
 * @param inversionLabel where DDIM's inversion asks the network
 * @param karras noise levels and churn of EDM's samplers
 * @param variance how much noise DDPM draws
 * @param noise fresh noise of those that draw it
 */
public record SamplerSettings(
        OptionalDouble gamma,
        List<Double> coefficients,
        OptionalDouble mixing,
        OptionalDouble eta,
        InversionLabel inversionLabel,
        KarrasSpacing karras,
        DdpmVariance variance,
        NoiseSource noise) {

    public SamplerSettings {
        coefficients = List.copyOf(coefficients);
    }

    /** Everything automatic: source label, Karras et al.'s levels without churn, DDPM's small variance, seed 0. */
    public static SamplerSettings defaults() {
        return new SamplerSettings(
                OptionalDouble.empty(),
                List.of(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                InversionLabel.SOURCE,
                KarrasSpacing.DEFAULT,
                DdpmVariance.FIXED_SMALL,
                new TorchNoise(0));
    }

    /** @return these settings with another γ */
    public SamplerSettings withGamma(final double value) {
        return new SamplerSettings(
                OptionalDouble.of(value), coefficients, mixing, eta, inversionLabel, karras, variance, noise);
    }

    /** @return these settings with other coefficients of BELM */
    public SamplerSettings withCoefficients(final List<Double> values) {
        return new SamplerSettings(gamma, values, mixing, eta, inversionLabel, karras, variance, noise);
    }

    /** @return these settings with another p */
    public SamplerSettings withMixing(final double value) {
        return new SamplerSettings(
                gamma, coefficients, OptionalDouble.of(value), eta, inversionLabel, karras, variance, noise);
    }

    /** @return these settings with another η */
    public SamplerSettings withEta(final double value) {
        return new SamplerSettings(
                gamma, coefficients, mixing, OptionalDouble.of(value), inversionLabel, karras, variance, noise);
    }

    /** @return these settings with another label of DDIM's inversion */
    public SamplerSettings withInversionLabel(final InversionLabel value) {
        return new SamplerSettings(gamma, coefficients, mixing, eta, value, karras, variance, noise);
    }

    /** @return these settings with another churn */
    public SamplerSettings withChurn(final double value) {
        return new SamplerSettings(
                gamma, coefficients, mixing, eta, inversionLabel, karras.withChurn(value), variance, noise);
    }

    /** @return these settings with another variance of DDPM */
    public SamplerSettings withVariance(final DdpmVariance value) {
        return new SamplerSettings(gamma, coefficients, mixing, eta, inversionLabel, karras, value, noise);
    }

    /** @return these settings with other noise */
    public SamplerSettings withNoise(final NoiseSource source) {
        return new SamplerSettings(gamma, coefficients, mixing, eta, inversionLabel, karras, variance, source);
    }
}
