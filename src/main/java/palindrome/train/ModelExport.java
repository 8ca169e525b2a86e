package palindrome.train;

import ai.djl.ndarray.NDArray;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import palindrome.model.SafetensorsWriter;

/**
 * Writes the averaged weights as a folder in diffusers' layout, which the
 * plugin opens like any other checkpoint.
 */
final class ModelExport {

    /** The denoiser's weights in the model's folder. */
    static final String UNET_WEIGHTS = "unet/diffusion_pytorch_model.safetensors";

    /** The text encoder's weights in the model's folder. */
    static final String TEXT_WEIGHTS = "text_encoder/model.safetensors";

    private final Path folder;
    private final NucleiRecipe recipe;

    ModelExport(final Path folder, final NucleiRecipe recipe) {
        this.folder = folder;
        this.recipe = recipe;
    }

    Path tokenizerFolder() {
        return folder.resolve("tokenizer");
    }

    /** Writes everything but the weights. */
    void writeConfiguration() throws IOException {
        write("model_index.json", recipe.indexJson());
        write("unet/config.json", recipe.unetJson());
        write("text_encoder/config.json", recipe.textJson());
        write("scheduler/scheduler_config.json", recipe.schedulerJson());
        new CaptionVocabulary(CaptionVocabulary.CAPTION_WORDS).save(tokenizerFolder());
    }

    void writeWeights(final TrainedParameters parameters) throws IOException {
        write(parameters.trained(TrainedParameter::average), UNET_WEIGHTS);
        write(parameters.frozen(), TEXT_WEIGHTS);
    }

    private void write(final Map<String, NDArray> arrays, final String file) throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        arrays.forEach(writer::tensor);
        writer.write(folder.resolve(file));
    }

    private void write(final String file, final JsonObject json) throws IOException {
        final Path target = folder.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, new GsonBuilder().setPrettyPrinting().create().toJson(json) + "\n");
    }
}
