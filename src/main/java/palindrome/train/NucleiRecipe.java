package palindrome.train;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import palindrome.model.SchedulerConfig;
import palindrome.network.CLIPTextConfig;
import palindrome.network.UNet2DConditionConfig;

/**
 * The bundled model's recipe: its configuration files, in diffusers' layout,
 * and the numbers of its training run, all text beside this class.
 *
 * @param unetJson {@code unet/config.json}
 * @param textJson {@code text_encoder/config.json}
 * @param schedulerJson {@code scheduler/scheduler_config.json}
 * @param indexJson {@code model_index.json}
 * @param training the training run
 */
record NucleiRecipe(
        JsonObject unetJson,
        JsonObject textJson,
        JsonObject schedulerJson,
        JsonObject indexJson,
        TrainingRecipe training) {

    static NucleiRecipe load() throws IOException {
        return new NucleiRecipe(
                read("unet.json", JsonObject.class),
                read("text_encoder.json", JsonObject.class),
                read("scheduler_config.json", JsonObject.class),
                read("model_index.json", JsonObject.class),
                read("recipe.json", TrainingRecipe.class));
    }

    UNet2DConditionConfig unet() {
        return UNet2DConditionConfig.fromJson(unetJson);
    }

    CLIPTextConfig text() {
        return CLIPTextConfig.fromJson(textJson);
    }

    SchedulerConfig scheduler() {
        return SchedulerConfig.fromJson(schedulerJson);
    }

    /**
     * @param name of a text beside this class
     * @param type what it is read as
     */
    static <T> T read(final String name, final Class<T> type) throws IOException {
        final String resource = "nuclei/" + name;
        try (InputStream in = NucleiRecipe.class.getResourceAsStream(resource)) {
            if (in == null) throw new IOException("The jar lacks " + resource + "; install it again.");
            return new Gson().fromJson(new InputStreamReader(in, StandardCharsets.UTF_8), type);
        }
    }
}
