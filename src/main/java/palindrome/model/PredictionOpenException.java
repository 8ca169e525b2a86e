package palindrome.model;

/**
 * A checkpoint whose files do not say what its network predicts, and of which
 * nobody has said it. Ask the user, {@link ModelCatalog#rememberPrediction
 * remember} the answer and open the model again.
 */
public final class PredictionOpenException extends ModelException {

    private static final long serialVersionUID = 1L;

    PredictionOpenException(final String model) {
        super(model + " does not say what its network predicts. Stable Diffusion 2 comes in both kinds: give"
                + " prediction=v if it was made for images of 768 pixels, prediction=epsilon for 512 pixels. With the"
                + " wrong one, images are noise.");
    }
}
