package palindrome.edit;

/**
 * How an operation walks between image and noise.
 *
 * @param sampler name of the method: {@code O-BELM}, {@code BDIA}, {@code EDICT};
 *          for generating alone {@code DDIM}, and to invert and edit
 *          {@code Null-text}
 * @param steps number of steps between image and pure noise, from 2 up
 * @param gamma BDIA's γ: a number in (0, 1], or {@code auto}; other methods
 *          ignore it
 * @param strength share of the steps to use, counted from the image, in (0, 1]
 * @param guidanceScale weight of classifier-free guidance, from 0 up; 1 is the
 *          conditional network alone
 */
public record SamplingSettings(String sampler, int steps, String gamma, double strength, double guidanceScale) {

    /** O-BELM over all of 50 steps, without guidance: the usual way to invert. */
    public static final SamplingSettings DEFAULT = new SamplingSettings("O-BELM", 50, "auto", 1, 1);
}
