package palindrome.train;

import com.google.gson.JsonObject;
import java.io.IOException;
import palindrome.network.ControlNetConfig;

/**
 * The recipe of the bundled model's ControlNet, text beside this class.
 *
 * @param configJson {@code controlnet/config.json}
 * @param training the training run
 */
record ControlRecipe(JsonObject configJson, TrainingRecipe training) {

    static ControlRecipe load() throws IOException {
        return new ControlRecipe(
                NucleiRecipe.read("controlnet.json", JsonObject.class),
                NucleiRecipe.read("control_recipe.json", TrainingRecipe.class));
    }

    ControlNetConfig config() {
        return ControlNetConfig.fromJson(configJson);
    }
}
