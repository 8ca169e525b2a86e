package palindrome.edit;

import java.io.IOException;
import palindrome.model.LoraChoice;
import palindrome.model.ModelChoice;

/** The words that choose a model, put together from what a command was given. */
public final class ModelWords {

    private ModelWords() {}

    /**
     * @param model {@code bundled}, the folder of a model, or a safetensors file
     * @param vae the folder or file of an autoencoder that replaces the model's; empty for its own
     * @param lora LoRAs, as {@code file.safetensors:0.8}, separated by semicolons; empty for none
     * @param prediction what the network predicts: {@code auto}, {@code epsilon}, {@code v} or {@code sample}
     * @return one text for {@link OpenedModel#open}
     * @throws IOException if no model is named, or the autoencoder is no path
     * @throws IllegalArgumentException if a LoRA or the prediction is not understood
     */
    public static String of(final String model, final String vae, final String lora, final String prediction)
            throws IOException {
        final String words = new ModelChoice(
                        model.strip(),
                        ModelChoice.vae(vae),
                        LoraChoice.parseAll(lora),
                        ModelChoice.prediction(prediction))
                .toString();
        ModelChoice.parse(words);
        return words;
    }
}
