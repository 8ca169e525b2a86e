package palindrome.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model as its files describe it, in diffusers' terms whatever the files look
 * like: components, their classes, configurations and tensors.
 */
interface Checkpoint {

    /** @return what the model is called */
    String name();

    /** @return the names of all components the model has, such as {@code unet} */
    List<String> components();

    /**
     * @param component such as {@code unet}
     * @return whether the model has it
     */
    boolean has(String component);

    /**
     * @param component such as {@code unet}
     * @return whether its files are there too; the parts of a model may be published apart
     */
    default boolean holds(final String component) {
        return has(component);
    }

    /**
     * @param component such as {@code unet}
     * @return its class, such as {@code UNet2DModel}
     * @throws ModelException if the model does not have it
     */
    String className(String component) throws ModelException;

    /**
     * @param key an entry of the index that is no component
     * @return its value, if it is there
     */
    Optional<JsonElement> option(String key);

    /**
     * @param component such as {@code unet}
     * @param file name of its configuration, such as {@code config.json}
     * @return the configuration
     * @throws ModelException if it is missing or damaged
     * @throws IOException if it cannot be read
     */
    JsonObject config(String component, String file) throws IOException;

    /**
     * @param component such as {@code unet}
     * @return its tensors under today's names of diffusers or transformers; close
     *         them when the network is built
     * @throws ModelException if they are missing or damaged
     * @throws IOException if they cannot be read
     */
    StoredTensors tensors(String component) throws IOException;

    /**
     * @param component such as {@code tokenizer}
     * @return its files, read and checked
     * @throws ModelException if they are missing or damaged
     * @throws IOException if they cannot be read
     */
    TokenizerFiles tokenizer(String component) throws IOException;

    /**
     * @param components some components
     * @return the weight files they need, each once, in a fixed order
     * @throws IOException if one cannot be resolved
     */
    List<Path> weightFiles(List<String> components) throws IOException;

    /**
     * @return what changes the weights besides the contents of their files, as text;
     *         usually empty
     */
    default String alterations() {
        return "";
    }

    /**
     * @return every file the model is made from: if none of them changed, neither
     *         did the model
     * @throws IOException if a folder cannot be read
     */
    List<Path> files() throws IOException;

    /**
     * @return whether the files leave open what the network predicts, noise or
     *         velocity, so that somebody has to say it
     */
    default boolean leavesPredictionTypeOpen() {
        return false;
    }

    /** @return what the model says about itself */
    ModelCard card() throws IOException;
}
