package palindrome.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.TorchNoise;

/**
 * The samplers' own numbers as users write them; each sampler reads its own, the others are ignored.
 *
 * @param gamma γ of BDIA and its kin, in (0, 1], or {@code auto}; for BELM its coefficients, one number or one a step,
 *          separated by blanks or commas, the noisiest step first
 * @param mixing EDICT's p, in (0, 1), or {@code auto}
 * @param eta η of DDIM, Cycle-SDE and CycleDiffusion, in [0, 1], or {@code auto} for 0, 1 and 0.1
 * @param churn EDM's S_churn, from 0 up
 * @param seed of the noise that stochastic samplers draw in their steps
 */
public record SamplerTuning(String gamma, String mixing, String eta, double churn, long seed) {

    /** Whatever suits the sampler and the number of steps. */
    public static final SamplerTuning AUTOMATIC = new SamplerTuning("auto", "auto", "auto", 0, 0);

    static final String AUTO = "auto";

    /** Steps must not draw the noise that an image of the same seed begins with. */
    private static final long STEP_NOISE = 0x5DEECE66L;

    public SamplerTuning {
        gamma = gamma.strip();
        mixing = mixing.strip();
        eta = eta.strip();
    }

    /** @return this with another γ */
    public SamplerTuning withGamma(final String value) {
        return new SamplerTuning(value, mixing, eta, churn, seed);
    }

    /** @return this with another mixing weight */
    SamplerTuning withMixing(final String value) {
        return new SamplerTuning(gamma, value, eta, churn, seed);
    }

    /** @return whether γ is left to the sampler */
    boolean isGammaAutomatic() {
        return gamma.equalsIgnoreCase(AUTO);
    }

    /** @return whether the mixing weight is left to the sampler */
    boolean isMixingAutomatic() {
        return mixing.equalsIgnoreCase(AUTO);
    }

    /** @return whether η is left to the sampler */
    boolean isEtaAutomatic() {
        return eta.equalsIgnoreCase(AUTO);
    }

    /** @return this with another seed */
    public SamplerTuning withSeed(final long value) {
        return new SamplerTuning(gamma, mixing, eta, churn, value);
    }

    /**
     * @param sampler name of the method, which says what {@code gamma} means
     * @return the numbers
     * @throws IllegalArgumentException naming a text that is no number, or the churn if it is out of range
     */
    SamplerSettings settings(final String sampler) {
        SamplerSettings settings =
                SamplerSettings.defaults().withChurn(churn).withNoise(new TorchNoise(seed ^ STEP_NOISE));
        if (sampler.strip().equalsIgnoreCase("BELM")) {
            if (!isGammaAutomatic()) settings = settings.withCoefficients(coefficients());
        } else {
            final OptionalDouble value = number("Gamma", gamma, "a number above 0 and at most 1");
            if (value.isPresent()) settings = settings.withGamma(value.getAsDouble());
        }
        final OptionalDouble p = number("Mixing", mixing, "a number above 0 and below 1");
        if (p.isPresent()) settings = settings.withMixing(p.getAsDouble());
        final OptionalDouble noise = number("Eta", eta, "a number from 0 to 1");
        return noise.isPresent() ? settings.withEta(noise.getAsDouble()) : settings;
    }

    private List<Double> coefficients() {
        final List<Double> values = new ArrayList<>();
        for (final String word : gamma.split("[\\s,]+")) {
            final OptionalDouble value = number("A coefficient of BELM", word, "numbers other than 0");
            values.add(value.orElseThrow(() -> new IllegalArgumentException(
                    "BELM's coefficients are '" + gamma + "'; use auto alone, or numbers other than 0.")));
        }
        return values;
    }

    private static OptionalDouble number(final String name, final String text, final String legal) {
        if (text.equalsIgnoreCase(AUTO)) return OptionalDouble.empty();
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (final NumberFormatException exc) {
            throw new IllegalArgumentException(name + " is '" + text + "'; use " + legal + ", or auto.", exc);
        }
    }
}
