package palindrome.edit;

import java.util.Optional;

/**
 * How an operation walks between image and noise.
 *
 * @param sampler name of the method, one of {@link palindrome.sampler.SamplerChoice}; to invert and edit one that is
 *          invertible
 * @param steps number of steps between image and pure noise, from 2 up
 * @param tuning the method's own numbers
 * @param strength share of the steps to use, counted from the image, in (0, 1]
 * @param guidanceScale weight of classifier-free guidance, from 0 up; 1 is the
 *          conditional network alone
 * @param classifierScale weight of classifier guidance, from 0 up; 0 is none
 * @param control what leads the network besides the prompt, if anything does
 */
public record SamplingSettings(
        String sampler,
        int steps,
        SamplerTuning tuning,
        double strength,
        double guidanceScale,
        double classifierScale,
        Optional<Control> control) {

    /** O-BELM over all of 50 steps, without guidance: the usual way to invert. */
    public static final SamplingSettings DEFAULT = new SamplingSettings("O-BELM", 50, "auto", 1, 1);

    /**
     * As above, with everything automatic but γ, and without classifier guidance.
     *
     * @param gamma as in {@link SamplerTuning}
     */
    public SamplingSettings(
            final String sampler,
            final int steps,
            final String gamma,
            final double strength,
            final double guidanceScale) {
        this(sampler, steps, SamplerTuning.AUTOMATIC.withGamma(gamma), strength, guidanceScale, 0);
    }

    /** As above, with all numbers but without a control image. */
    public SamplingSettings(
            final String sampler,
            final int steps,
            final SamplerTuning tuning,
            final double strength,
            final double guidanceScale,
            final double classifierScale) {
        this(sampler, steps, tuning, strength, guidanceScale, classifierScale, Optional.empty());
    }

    /** @return these settings, all the way to noise, with another seed of the noise drawn in steps */
    SamplingSettings toGenerate(final long seed) {
        return new SamplingSettings(sampler, steps, tuning.withSeed(seed), 1, guidanceScale, classifierScale, control);
    }

    /** @return these settings with other numbers of the method's own */
    SamplingSettings withTuning(final SamplerTuning numbers) {
        return new SamplingSettings(sampler, steps, numbers, strength, guidanceScale, classifierScale, control);
    }

    /** @return these settings with another share of the steps */
    SamplingSettings withStrength(final double share) {
        return new SamplingSettings(sampler, steps, tuning, share, guidanceScale, classifierScale, control);
    }

    /** @return these settings with other weights of guidance */
    SamplingSettings withGuidance(final double scale, final double classifier) {
        return new SamplingSettings(sampler, steps, tuning, strength, scale, classifier, control);
    }

    /** @return these settings with another weight of classifier guidance */
    public SamplingSettings withClassifierScale(final double scale) {
        return withGuidance(guidanceScale, scale);
    }

    /** @return these settings under a control image, or without any */
    public SamplingSettings withControl(final Optional<Control> other) {
        return new SamplingSettings(sampler, steps, tuning, strength, guidanceScale, classifierScale, other);
    }
}
