package palindrome.sampler;

import java.util.OptionalDouble;

/**
 * The knobs of all samplers; each reads its own.
 *
 * @param gamma BDIA's γ in (0, 1], or empty for automatic
 * @param mixing EDICT's p in (0, 1)
 * @param eta DDIM's η in [0, 1]
 * @param inversionLabel where DDIM's inversion asks the network
 * @param noise fresh noise for DDIM with η above 0
 */
public record SamplerSettings(
        OptionalDouble gamma, double mixing, double eta, InversionLabel inversionLabel, NoiseSource noise) {

    /** Automatic γ, p = 0.93, η = 0, source label. */
    public static SamplerSettings defaults() {
        return new SamplerSettings(
                OptionalDouble.empty(), Edict.DEFAULT_MIXING, 0, InversionLabel.SOURCE, new TorchNoise(0));
    }

    /** @return these settings with another γ */
    public SamplerSettings withGamma(final double value) {
        return new SamplerSettings(OptionalDouble.of(value), mixing, eta, inversionLabel, noise);
    }

    /** @return these settings with another p */
    public SamplerSettings withMixing(final double value) {
        return new SamplerSettings(gamma, value, eta, inversionLabel, noise);
    }

    /** @return these settings with another η and its noise */
    public SamplerSettings withEta(final double value, final NoiseSource source) {
        return new SamplerSettings(gamma, mixing, value, inversionLabel, source);
    }

    /** @return these settings with another label of DDIM's inversion */
    public SamplerSettings withInversionLabel(final InversionLabel value) {
        return new SamplerSettings(gamma, mixing, eta, value, noise);
    }
}
