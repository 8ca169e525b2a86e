package palindrome.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import palindrome.engine.Precision;
import palindrome.network.Weights;

/**
 * The components of a checkpoint, one by one: configurations and networks, with
 * messages that say which one is wrong.
 */
final class Components {

    private final Checkpoint checkpoint;

    Components(final Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    boolean has(final String component) {
        return checkpoint.has(component);
    }

    /** @throws ModelException if the model lacks it, or has one of another class */
    void requireClass(final String component, final String... supported) throws ModelException {
        final String actual = checkpoint.className(component);
        if (!List.of(supported).contains(actual))
            throw new ModelException("The " + component + " of the model in " + checkpoint + " is a " + actual
                    + ", which is not supported; supported is " + String.join(" or ", supported) + ".");
    }

    /** @return a component's {@code config.json}, as {@code reader} understands it */
    <T> T config(final String component, final Function<JsonObject, T> reader) throws IOException {
        return config(component, "config.json", reader);
    }

    /** As above, from another file. */
    <T> T config(final String component, final String file, final Function<JsonObject, T> reader) throws IOException {
        final JsonObject json = checkpoint.config(component, file);
        try {
            return reader.apply(json);
        } catch (final IllegalArgumentException exc) {
            throw new ModelException(
                    checkpoint + "/" + component + "/" + file + " cannot be used. " + exc.getMessage(), exc);
        }
    }

    /**
     * A network in float32.
     *
     * @param name what messages call the network
     * @param expected all its parameters, asked for where a configuration that asks for too much is refused
     * @param manager owner of the weights, on the network's device
     * @param building makes the network of its weights
     */
    <T> T network(
            final String component,
            final String name,
            final Supplier<Map<String, Shape>> expected,
            final NDManager manager,
            final Function<Weights, T> building)
            throws IOException {
        return network(component, name, expected, manager, Precision.FLOAT32, building);
    }

    /** As above, in another precision. */
    <T> T network(
            final String component,
            final String name,
            final Supplier<Map<String, Shape>> expected,
            final NDManager manager,
            final Precision precision,
            final Function<Weights, T> building)
            throws IOException {
        try (CheckpointWeights weights = new CheckpointWeights(checkpoint.tensors(component), manager, precision)) {
            weights.require(name, expected.get());
            return building.apply(weights);
        } catch (final UncheckedIOException exc) {
            throw exc.getCause();
        } catch (final IllegalArgumentException exc) {
            throw new ModelException(
                    "The " + component + " of the model in " + checkpoint + " cannot be built. " + exc.getMessage(),
                    exc);
        }
    }

    /** @return the exception for parts that were not made for each other */
    ModelException misfit(final String how) {
        return new ModelException("The parts of the model in " + checkpoint + " do not fit together: " + how + ".");
    }
}
