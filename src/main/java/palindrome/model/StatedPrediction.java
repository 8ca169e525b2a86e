package palindrome.model;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Locale;
import palindrome.sampler.PredictionType;

/** A checkpoint of which the user says what its network predicts; files may leave that open, or be wrong. */
final class StatedPrediction extends ForwardingCheckpoint {

    private final PredictionType type;

    StatedPrediction(final Checkpoint base, final PredictionType type) {
        super(base);
        this.type = type;
    }

    @Override
    public JsonObject config(final String component, final String file) throws IOException {
        final JsonObject config = super.config(component, file);
        if (component.equals("scheduler"))
            config.addProperty("prediction_type", type.name().toLowerCase(Locale.ROOT));
        return config;
    }

    @Override
    public boolean leavesPredictionTypeOpen() {
        return false;
    }
}
