package palindrome.model;

import ai.djl.ndarray.NDManager;
import java.util.List;
import palindrome.network.Conditioning;

/**
 * A model that is told nothing.
 *
 * @param model its name, for messages
 */
record Unconditional(String model) implements Conditioner {

    @Override
    public List<TokenIds> tokenize(final String prompt) {
        return List.of();
    }

    @Override
    public List<PromptTokens> words(final String prompt) {
        return List.of();
    }

    @Override
    public boolean hearsText() {
        return false;
    }

    @Override
    public double usualGuidance() {
        return 1;
    }

    @Override
    public void requireGuidance(final double guidanceScale) {
        if (guidanceScale != 1)
            throw new IllegalArgumentException("Guidance is " + guidanceScale + ", but the model '" + model
                    + "' is unconditional, so there is nothing to guide it; use guidance=1 and no prompts.");
    }

    @Override
    public Conditioning towards(final String prompt, final ImageSize size, final NDManager owner) {
        if (!prompt.isBlank())
            throw new IllegalArgumentException("The prompt is '" + prompt + "', but the model '" + model
                    + "' is unconditional: it was trained on images without words. Leave the prompts empty, or use"
                    + " a model that takes prompts, such as model=" + ModelCatalog.BUNDLED + ".");
        return new Conditioning.None();
    }

    @Override
    public Conditioning awayFrom(final String negativePrompt, final ImageSize size, final NDManager owner) {
        return towards(negativePrompt, size, owner);
    }
}
