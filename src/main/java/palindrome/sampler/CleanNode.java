package palindrome.sampler;

/** What the clean end of the grid is taken to be (diffusers' {@code set_alpha_to_one}). */
public enum CleanNode {
    /** Free of noise, α = 1. */
    NOISE_FREE,
    /** The model's cleanest trained level, √ᾱ₀; needs a grid that starts above level 0. */
    FIRST_LEVEL
}
