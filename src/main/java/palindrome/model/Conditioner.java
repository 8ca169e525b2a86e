package palindrome.model;

import ai.djl.ndarray.NDManager;
import java.util.List;
import palindrome.network.Conditioning;

/**
 * Turns what a user writes into what a model's network is told. The same words
 * give the same bits.
 */
sealed interface Conditioner permits Unconditional, ClassLabelPrompts, TextPrompts, TextPromptsXL {

    /**
     * @param prompt any text
     * @return the token ids of its first part, which is all of most prompts, one for each text encoder; none if there
     *         is no text encoder
     */
    List<TokenIds> tokenize(String prompt);

    /**
     * @param prompt any text
     * @return its words and their tokens, one for each text encoder; none if there is no text encoder
     */
    List<PromptTokens> words(String prompt);

    /** @return whether the network attends to the states of a text encoder */
    boolean hearsText();

    /** @return the guidance scale that latent models with such prompts usually take; 1 is none */
    double usualGuidance();

    /**
     * @param guidanceScale weight of classifier-free guidance
     * @throws IllegalArgumentException if there is nothing to guide the model
     */
    void requireGuidance(double guidanceScale);

    /**
     * @param prompt what the image shows; may be empty
     * @param size of the image
     * @param owner owner of the arrays, on the model's device
     * @return what the network is told, for one image
     * @throws IllegalArgumentException if the model does not understand the prompt
     */
    Conditioning towards(String prompt, ImageSize size, NDManager owner);

    /**
     * @param negativePrompt what guidance leads away from; may be empty
     * @return as above
     */
    Conditioning awayFrom(String negativePrompt, ImageSize size, NDManager owner);
}
