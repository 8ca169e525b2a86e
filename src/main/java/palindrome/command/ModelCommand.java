package palindrome.command;

import java.io.IOException;
import org.scijava.plugin.Parameter;
import palindrome.edit.MemoryLadder;
import palindrome.edit.ModelWords;
import palindrome.edit.Progress;
import palindrome.edit.RunConfiguration;

/** What the commands share that run a model of the user's choice: which one, with what added to it, and where. */
public abstract class ModelCommand extends DiffusionCommand {

    @Parameter(
            label = "Model",
            persist = false,
            style = "directory",
            description = "The bundled model ('bundled'), a folder that holds a diffusers checkpoint, a .safetensors"
                    + " file of Stable Diffusion, or owner/name of a downloaded model.")
    private String model = "bundled";

    @Parameter(
            label = "Device",
            persist = false,
            style = "advanced",
            description =
                    "Where the network runs: auto, cpu, gpu, gpu:1 (the second one) or mps (of an Apple computer).")
    private String device = "auto";

    @Parameter(
            label = "Precision",
            persist = false,
            style = "advanced",
            choices = {"auto", "float32", "float16"},
            description = "Of the network: 'auto' takes float16 on a GPU where that is measured to be faster."
                    + " The round trip is exact in either.")
    private String precision = "auto";

    @Parameter(
            label = "Autoencoder",
            persist = false,
            required = false,
            style = "advanced file",
            description =
                    "Optional: a folder or a .safetensors file of an autoencoder (VAE) that replaces the model's.")
    private String vae = "";

    @Parameter(
            label = "LoRA",
            persist = false,
            required = false,
            style = "advanced file",
            description =
                    "Optional: a .safetensors file added to the model's weights, with a scale after a colon, as in"
                            + " 'nuclei.safetensors:0.8'; several are separated by semicolons.")
    private String lora = "";

    @Parameter(
            label = "Prediction",
            persist = false,
            style = "advanced",
            choices = {"auto", "epsilon", "v", "sample"},
            description =
                    "What the network predicts, for checkpoints that do not say it or say it wrongly; 'auto' believes"
                            + " them.")
    private String prediction = "auto";

    /**
     * The model and what is added to it, in one text.
     *
     * @throws IOException if no model is named, or the autoencoder is no path
     * @throws IllegalArgumentException if a LoRA is not understood
     */
    protected final String modelWords() throws IOException {
        return ModelWords.of(model, vae, lora, prediction);
    }

    /** Where the network is to run, in the user's words. */
    protected final String device() {
        return device;
    }

    /** How the networks are to compute; see {@link RunConfiguration#of(String, String, Progress)}. */
    protected final RunConfiguration configuration(final Progress host) {
        return RunConfiguration.of(device, precision, host);
    }

    /**
     * Runs an operation on the model, which is opened for it; where memory is short, again in another configuration.
     *
     * @param <R> type of the result
     * @param host where to report progress
     * @return the operation's result
     * @throws IOException if the model cannot be read
     */
    protected final <R> R withModel(final Progress host, final MemoryLadder.Operation<R> operation) throws IOException {
        return new MemoryLadder(modelWords(), host).run(configuration(host), operation);
    }
}
