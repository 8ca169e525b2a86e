package palindrome.model;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import palindrome.sampler.PredictionType;

/**
 * All that chooses a model, which has one text so that a record can open it
 * again: {@code MODEL}, then {@code | vae=PATH}, {@code | lora=FILE:SCALE;...} and
 * {@code | prediction=epsilon} where they were given.
 *
 * @param model {@code bundled}, or the path of a folder or of a safetensors file
 * @param vae the autoencoder that replaces its own, if one is given
 * @param loras what is added to its weights
 * @param prediction what the network predicts, where that is said by the user
 */
public record ModelChoice(
        String model, Optional<CheckpointPath> vae, List<LoraChoice> loras, Optional<PredictionType> prediction) {

    private static final String SEPARATOR = " | ";
    private static final String VAE = "vae=";
    private static final String LORA = "lora=";
    private static final String PREDICTION = "prediction=";

    public ModelChoice {
        loras = List.copyOf(loras);
    }

    /**
     * @param text what {@link #toString} gives, or the name of a model alone
     * @return the choice
     * @throws ModelException if it names no model, or is not understood
     */
    public static ModelChoice parse(final String text) throws ModelException {
        final String[] parts = text.split(" \\| ");
        final String model = parts[0].strip();
        if (model.isEmpty())
            throw new ModelException("No model was given. Use model=" + ModelCatalog.BUNDLED
                    + ", the folder of a model, or a .safetensors file.");
        Optional<CheckpointPath> vae = Optional.empty();
        List<LoraChoice> loras = List.of();
        Optional<PredictionType> prediction = Optional.empty();
        try {
            for (int i = 1; i < parts.length; i++) {
                final String part = parts[i].strip();
                if (part.startsWith(VAE)) vae = vae(part.substring(VAE.length()));
                else if (part.startsWith(LORA)) loras = LoraChoice.parseAll(part.substring(LORA.length()));
                else if (part.startsWith(PREDICTION)) prediction = prediction(part.substring(PREDICTION.length()));
                else throw new ModelException("'" + part + "' is not understood in the model '" + text + "'.");
            }
        } catch (final IllegalArgumentException exc) {
            throw new ModelException("'" + text + "' does not choose a model. " + exc.getMessage(), exc);
        }
        return new ModelChoice(model, vae, loras, prediction);
    }

    /**
     * @param path a folder or file, as {@link CheckpointPath} has it; empty for none
     * @return the autoencoder, if one was given
     * @throws ModelException if it is no path
     */
    public static Optional<CheckpointPath> vae(final String path) throws ModelException {
        return path.isBlank() ? Optional.empty() : Optional.of(CheckpointPath.of(path.strip()));
    }

    /**
     * @param word {@code epsilon}, {@code v} or {@code sample}; {@code auto} or empty
     *          for what the checkpoint says
     * @return the type, if one was given
     * @throws IllegalArgumentException for another word
     */
    public static Optional<PredictionType> prediction(final String word) {
        return switch (word.strip()) {
            case "", "auto" -> Optional.empty();
            case "epsilon" -> Optional.of(PredictionType.EPSILON);
            case "v" -> Optional.of(PredictionType.V_PREDICTION);
            case "sample" -> Optional.of(PredictionType.SAMPLE);
            default ->
                throw new IllegalArgumentException(
                        "'prediction' is '" + word + "', but must be auto, epsilon, v or sample.");
        };
    }

    /** @return the same with paths that any program on this computer finds */
    public ModelChoice lasting() throws ModelException {
        try {
            final List<LoraChoice> absolute = new ArrayList<>();
            for (final LoraChoice lora : loras) absolute.add(new LoraChoice(absolute(lora.file()), lora.scale()));
            return new ModelChoice(
                    isBundled() ? model : absolute(Path.of(model)).toString(),
                    vae.map(CheckpointPath::lasting),
                    absolute,
                    prediction);
        } catch (final InvalidPathException exc) {
            throw new ModelException(
                    "'" + model + "' is no path. Use model=" + ModelCatalog.BUNDLED
                            + ", the folder of a model, or a .safetensors file.",
                    exc);
        }
    }

    /**
     * @param other another name of the model
     * @param otherVae another name of the autoencoder; empty if there is none
     * @return the same choice under those names
     * @throws ModelException if the autoencoder's is no path
     */
    public ModelChoice at(final String other, final String otherVae) throws ModelException {
        return new ModelChoice(other, vae(otherVae), loras, prediction);
    }

    /** @return whether it is the model that comes with the plugin */
    public boolean isBundled() {
        return model.equals(ModelCatalog.BUNDLED);
    }

    /** @return the same with the user's word on what the network predicts */
    ModelChoice with(final PredictionType type) {
        return new ModelChoice(model, vae, loras, Optional.of(type));
    }

    static String word(final PredictionType type) {
        return switch (type) {
            case EPSILON -> "epsilon";
            case V_PREDICTION -> "v";
            case SAMPLE -> "sample";
        };
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(model);
        vae.ifPresent(path -> text.append(SEPARATOR).append(VAE).append(path));
        if (!loras.isEmpty())
            text.append(SEPARATOR)
                    .append(LORA)
                    .append(loras.stream().map(LoraChoice::toString).collect(Collectors.joining(";")));
        prediction.ifPresent(type -> text.append(SEPARATOR).append(PREDICTION).append(word(type)));
        return text.toString();
    }

    private static Path absolute(final Path path) {
        return path.toAbsolutePath().normalize();
    }
}
