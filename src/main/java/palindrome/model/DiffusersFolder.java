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
import java.util.stream.Stream;

/**
 * A model folder in diffusers' layout: {@code model_index.json} names the
 * components and their classes, each component has a folder of its own with its
 * configuration and weights.
 */
public final class DiffusersFolder implements Checkpoint {

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
    @Override
    public String name() {
        final Path name = root.toAbsolutePath().normalize().getFileName();
        return name == null ? root.toString() : name.toString();
    }

    @Override
    public List<String> components() {
        return index.keySet().stream().filter(this::has).toList();
    }

    @Override
    public boolean has(final String component) {
        return index.get(component) instanceof JsonArray pair
                && pair.size() == 2
                && pair.get(1).isJsonPrimitive();
    }

    @Override
    public String className(final String component) throws ModelException {
        requireListed(component);
        return index.getAsJsonArray(component).get(1).getAsString();
    }

    @Override
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

    @Override
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
        return weightsOf(component).find(variant);
    }

    @Override
    public List<Path> weightFiles(final List<String> components) throws IOException {
        final List<Path> files = new ArrayList<>();
        for (final String component : components) files.addAll(weights(component));
        return files;
    }

    @Override
    public StoredTensors tensors(final String component) throws IOException {
        return weightsOf(component).open(variant).translated(DiffusersNames::current);
    }

    @Override
    public TokenizerFiles tokenizer(final String component) throws IOException {
        return TokenizerFiles.read(folder(component));
    }

    @Override
    public List<Path> files() throws IOException {
        final List<Path> files = new ArrayList<>();
        files.add(root.resolve(INDEX));
        for (final String component : components()) {
            final Path folder = root.resolve(component);
            if (!Files.isDirectory(folder)) continue;
            try (Stream<Path> inside = Files.list(folder)) {
                inside.filter(Files::isRegularFile).sorted().forEach(files::add);
            }
        }
        return files;
    }

    @Override
    public ModelCard card() throws IOException {
        return ModelCard.of(this);
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private WeightFiles weightsOf(final String component) throws ModelException {
        final Path folder = folder(component);
        final JsonElement library = index.getAsJsonArray(component).get(0);
        final boolean diffusers =
                library.isJsonPrimitive() && library.getAsString().equals("diffusers");
        return new WeightFiles(folder, diffusers ? "diffusion_pytorch_model" : "model");
    }

    private void requireListed(final String component) throws ModelException {
        if (!has(component))
            throw new ModelException(
                    "The model in " + root + " has no " + component + ": " + INDEX + " does not list one.");
    }
}
