package palindrome.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A model folder in diffusers' layout: {@code model_index.json} names the
 * components and their classes, each component has a folder of its own with its
 * configuration and weights.
 */
public final class DiffusersFolder {

    static final String INDEX = "model_index.json";
    private static final int MAX_CONFIG_BYTES = 4 << 20;

    private final Path root;
    private final JsonObject index;
    private final String variant;

    private DiffusersFolder(final Path root, final JsonObject index, final String variant) {
        this.root = root;
        this.index = index;
        this.variant = variant;
    }

    /**
     * @param root the model's folder
     * @return the folder, its index read
     * @throws ModelException if it is missing or not a diffusers folder
     * @throws IOException if it cannot be read
     */
    public static DiffusersFolder open(final Path root) throws IOException {
        return open(root, "");
    }

    /**
     * @param root the model's folder
     * @param variant weights to prefer, such as {@code fp16}; empty for none
     * @return the folder, its index read
     * @throws ModelException if it is missing or not a diffusers folder
     * @throws IOException if it cannot be read
     */
    public static DiffusersFolder open(final Path root, final String variant) throws IOException {
        if (!Files.exists(root))
            throw new ModelException("There is no model folder " + root + ". Check the path, or use model="
                    + ModelCatalog.BUNDLED + ".");
        if (!Files.isDirectory(root)) {
            PickleRefusal.check(root);
            throw new ModelException(root + " is a file. Give the folder of a model in diffusers' layout, the one with "
                    + INDEX + " in it.");
        }
        final Path file = root.resolve(INDEX);
        if (!Files.exists(file))
            throw new ModelException(root + " is not a model in diffusers' layout: it has no " + INDEX
                    + ". Give the folder that contains that file.");
        return new DiffusersFolder(root, StrictJson.read(file, MAX_CONFIG_BYTES), variant);
    }

    /** @return the model's folder */
    public Path root() {
        return root;
    }

    /** @return the folder's own name */
    public String name() {
        final Path name = root.toAbsolutePath().normalize().getFileName();
        return name == null ? root.toString() : name.toString();
    }

    /** @return the names of all components the model has */
    public List<String> components() {
        return index.keySet().stream().filter(this::has).toList();
    }

    /**
     * @param component such as {@code unet}
     * @return whether the model has it
     */
    public boolean has(final String component) {
        return index.get(component) instanceof JsonArray pair
                && pair.size() == 2
                && pair.get(1).isJsonPrimitive();
    }

    /**
     * @param component such as {@code unet}
     * @return the class the index names for it, such as {@code UNet2DModel}
     * @throws ModelException if the model does not have it
     */
    public String className(final String component) throws ModelException {
        requireListed(component);
        return index.getAsJsonArray(component).get(1).getAsString();
    }

    /**
     * @param key an entry of the index that is no component
     * @return its value, if it is there
     */
    public Optional<JsonElement> option(final String key) {
        return Optional.ofNullable(index.get(key)).filter(value -> !value.isJsonNull());
    }

    /**
     * @param component such as {@code unet}
     * @return its folder
     * @throws ModelException if the model does not have it, or the folder is
     *           missing
     */
    public Path folder(final String component) throws ModelException {
        requireListed(component);
        final Path folder = root.resolve(component);
        if (!Files.isDirectory(folder))
            throw new ModelException("The model folder is incomplete: " + INDEX + " lists " + component + ", but "
                    + folder + " is missing. Copy or download it again.");
        return folder;
    }

    /**
     * @param component such as {@code unet}
     * @param file name of its configuration, such as {@code config.json}
     * @return the configuration
     * @throws ModelException if it is missing or damaged
     * @throws IOException if it cannot be read
     */
    public JsonObject config(final String component, final String file) throws IOException {
        return StrictJson.read(folder(component).resolve(file), MAX_CONFIG_BYTES);
    }

    /**
     * @param component such as {@code unet}
     * @return its safetensors files: one, or the shards in order
     * @throws ModelException if there are none, or only pickles
     * @throws IOException if the folder cannot be read
     */
    public List<Path> weights(final String component) throws IOException {
        final boolean diffusers =
                index.getAsJsonArray(component).get(0).getAsString().equals("diffusers");
        return new WeightFiles(folder(component), diffusers ? "diffusion_pytorch_model" : "model").find(variant);
    }

    /**
     * @param components some components
     * @return the safetensors files of all of them, in order
     * @throws IOException if one cannot be resolved
     */
    List<Path> weightsOf(final List<String> components) throws IOException {
        final List<Path> files = new ArrayList<>();
        for (final String component : components) files.addAll(weights(component));
        return files;
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private void requireListed(final String component) throws ModelException {
        if (!has(component))
            throw new ModelException(
                    "The model in " + root + " has no " + component + ": " + INDEX + " does not list one.");
    }
}
