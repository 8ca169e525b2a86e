package palindrome.train;

import com.google.gson.JsonObject;
import java.io.IOException;
import palindrome.network.CaptionClassifierConfig;

/**
 * The recipe of the bundled model's classifier, text beside this class.
 *
 * @param configJson {@code classifier/config.json}
 * @param training the training run; numbers that only a denoiser needs are 0
 */
record ClassifierRecipe(JsonObject configJson, TrainingRecipe training) {

    static ClassifierRecipe load() throws IOException {
        return new ClassifierRecipe(
                NucleiRecipe.read("classifier.json", JsonObject.class),
                NucleiRecipe.read("classifier_recipe.json", TrainingRecipe.class));
    }

    CaptionClassifierConfig config() {
        return CaptionClassifierConfig.fromJson(configJson);
    }
}
