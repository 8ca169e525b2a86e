package palindrome.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import palindrome.network.Weights;

/**
 * The components of a model folder, one by one: configurations and networks, with
 * messages that say which one is wrong.
 */
final class Components {

    private static final String TEXT_PREFIX = "text_model.";

    private final DiffusersFolder folder;

    Components(final DiffusersFolder folder) {
        this.folder = folder;
    }

    DiffusersFolder folder() {
        return folder;
    }

    boolean has(final String component) {
        return folder.has(component);
    }

    /** @throws ModelException if the model lacks it, or has one of another class */
    void requireClass(final String component, final String... supported) throws ModelException {
        final String actual = folder.className(component);
        if (!List.of(supported).contains(actual))
            throw new ModelException("The " + component + " of the model in " + folder + " is a " + actual
                    + ", which is not supported; supported is " + String.join(" or ", supported) + ".");
    }

    /** @return a component's {@code config.json}, as {@code reader} understands it */
    <T> T config(final String component, final Function<JsonObject, T> reader) throws IOException {
        return config(component, "config.json", reader);
    }

    /** As above, from another file. */
    <T> T config(final String component, final String file, final Function<JsonObject, T> reader) throws IOException {
        final JsonObject json = folder.config(component, file);
        try {
            return reader.apply(json);
        } catch (final IllegalArgumentException exc) {
            throw new ModelException(
                    folder.folder(component).resolve(file) + " cannot be used. " + exc.getMessage(), exc);
        }
    }

    /**
     * @param name what messages call the network
     * @param expected all its parameters
     * @param manager owner of the weights, on the network's device
     * @param building makes the network of its weights
     */
    <T> T network(
            final String component,
            final String name,
            final Map<String, Shape> expected,
            final NDManager manager,
            final Function<Weights, T> building)
            throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.open(folder.weights(component), manager)) {
            weights.require(name, bareText(weights) ? withoutPrefix(expected) : expected);
            return building.apply(weights);
        } catch (final UncheckedIOException exc) {
            throw exc.getCause();
        } catch (final IllegalArgumentException exc) {
            throw new ModelException(
                    "The " + component + " of the model in " + folder + " cannot be built. " + exc.getMessage(), exc);
        }
    }

    /** @return the exception for parts that were not made for each other */
    ModelException misfit(final String how) {
        return new ModelException("The parts of the model in " + folder + " do not fit together: " + how + ".");
    }

    /** Newer versions of transformers save the text model without its prefix. */
    private static boolean bareText(final Weights weights) {
        return weights.contains("embeddings.token_embedding.weight");
    }

    private static Map<String, Shape> withoutPrefix(final Map<String, Shape> shapes) {
        final Map<String, Shape> stripped = new LinkedHashMap<>();
        shapes.forEach((name, shape) ->
                stripped.put(name.startsWith(TEXT_PREFIX) ? name.substring(TEXT_PREFIX.length()) : name, shape));
        return stripped;
    }
}
