package palindrome.edit;

/**
 * How an operation walks between image and noise.
 *
 * @param sampler name of the method: {@code O-BELM}, {@code BDIA}, {@code EDICT},
 *          and for generating alone {@code DDIM}
 * @param steps number of steps between image and pure noise, from 2 up
 * @param gamma BDIA's γ: a number in (0, 1], or {@code auto}; other methods
 *          ignore it
 * @param strength share of the steps to use, counted from the image, in (0, 1]
 * @param guidanceScale weight of classifier-free guidance, from 0 up; 1 is the
 *          conditional network alone
 * @param classifierScale weight of classifier guidance, from 0 up; 0 is none
 */
public record SamplingSettings(
        String sampler, int steps, String gamma, double strength, double guidanceScale, double classifierScale) {

    /** O-BELM over all of 50 steps, without guidance: the usual way to invert. */
    public static final SamplingSettings DEFAULT = new SamplingSettings("O-BELM", 50, "auto", 1, 1);

    /** Without classifier guidance. */
    public SamplingSettings(
            final String sampler,
            final int steps,
            final String gamma,
            final double strength,
            final double guidanceScale) {
        this(sampler, steps, gamma, strength, guidanceScale, 0);
    }

    /** @return these settings with another weight of classifier guidance */
    public SamplingSettings withClassifierScale(final double scale) {
        return new SamplingSettings(sampler, steps, gamma, strength, guidanceScale, scale);
    }
}
