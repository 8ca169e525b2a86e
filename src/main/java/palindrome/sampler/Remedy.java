package palindrome.sampler;

/** What brings a latent nearer to noise, in the words of advice. */
public enum Remedy {
    /** No guidance while inverting, which it amplifies. */
    GUIDANCE_1("guidance 1"),
    MORE_STEPS("more steps"),
    FEWER_STEPS("fewer steps"),
    LESS_STRENGTH("a smaller strength"),
    GAMMA_AUTO("gamma=auto"),
    MIXING_AUTO("mixing=auto"),
    O_BELM("the sampler O-BELM"),
    BDIA_AUTO("BDIA with gamma=auto"),
    FITTING_PROMPT("a prompt that fits the image");

    private final String words;

    Remedy(final String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
