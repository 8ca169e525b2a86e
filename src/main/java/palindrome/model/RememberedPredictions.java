package palindrome.model;

import com.google.gson.JsonElement;
import java.nio.file.Path;
import java.util.Optional;
import palindrome.sampler.PredictionType;

/**
 * What the user once said a checkpoint's network predicts, by the SHA-256 of the
 * checkpoint, in {@code predictions.json} of the user's configuration folder.
 */
final class RememberedPredictions {

    private static final String FILE = "predictions.json";

    private final SettingsFile file;

    private RememberedPredictions(final Path folder) {
        file = new SettingsFile(folder.resolve(FILE));
    }

    /** @return those in the user's configuration folder */
    static RememberedPredictions ofUser() {
        return in(ConfigurationFolder.ofUser());
    }

    /** @param folder made when something is first written */
    static RememberedPredictions in(final Path folder) {
        return new RememberedPredictions(folder);
    }

    Optional<PredictionType> get(final String sha256) {
        final JsonElement word = file.read().get(sha256);
        if (word == null || !word.isJsonPrimitive()) return Optional.empty();
        try {
            return ModelChoice.prediction(word.getAsString());
        } catch (final IllegalArgumentException exc) {
            // A word of another version is asked for again.
            return Optional.empty();
        }
    }

    void remember(final String sha256, final PredictionType type) {
        file.update(all -> all.addProperty(sha256, ModelChoice.word(type)));
    }
}
