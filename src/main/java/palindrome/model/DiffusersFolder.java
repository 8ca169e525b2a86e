package palindrome.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model folder in diffusers' layout: {@code model_index.json} names the
 * components and their classes, each component has a folder of its own with its
 * configuration and weights.
 */
public final class DiffusersFolder implements Checkpoint {

    static final String INDEX = "model_index.json";
    private static final String CONFIG = "config.json";
    private static final String SCHEDULER_CONFIG = "scheduler_config.json";
    /** What tells that a component lies at the root. */
    private static final Map<String, String> AT_ROOT =
            Map.of("unet", CONFIG, "vae", CONFIG, "controlnet", CONFIG, "scheduler", SCHEDULER_CONFIG);

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
        final DiffusersFolder folder = new DiffusersFolder(
                root, Files.exists(file) ? StrictJson.read(file, MAX_CONFIG_BYTES) : indexOfOne(root), variant);
        folder.requireVariant();
        return folder;
    }

    /**
     * @param root the folder of one component, with its configuration and weights; or of
     *          a model that has it
     * @param component what to call it
     * @param variant weights to prefer, such as {@code fp16}; empty for none
     * @return a model that has that component, perhaps alone
     * @throws ModelException if there is no such folder or no configuration in it
     */
    static DiffusersFolder ofComponent(final Path root, final String component, final String variant)
            throws IOException {
        if (!Files.isDirectory(root))
            throw new ModelException("There is no file or folder " + root + ". Check the path.");
        if (Files.exists(root.resolve(INDEX))) return open(root, variant);
        final JsonElement className =
                StrictJson.read(root.resolve(CONFIG), MAX_CONFIG_BYTES).get("_class_name");
        if (className == null || !className.isJsonPrimitive())
            throw new ModelException(root.resolve(CONFIG) + " does not say of which class the network is.");
        final JsonObject index = new JsonObject();
        index.add(component, pair(className.getAsString()));
        final DiffusersFolder folder = new DiffusersFolder(root, index, variant);
        folder.requireVariant();
        return folder;
    }

    /** Components may lack a variant that others have, but one that none has is a mistake. */
    private void requireVariant() throws IOException {
        if (variant.isEmpty()) return;
        for (final Path file : files()) {
            final String name = file.getFileName().toString();
            if (name.contains(".safetensors") && name.contains("." + variant + ".")) return;
        }
        throw new ModelException("The model in " + root + " has no weights of the variant '" + variant
                + "'; leave out #" + variant + ", or use one that its file names show.");
    }

    /** The index of a model that is one UNet with its files at the root, as the first ones were published. */
    private static JsonObject indexOfOne(final Path root) throws IOException {
        final Path config = root.resolve(CONFIG);
        if (!Files.exists(config))
            throw new ModelException(root + " is not a model in diffusers' layout: it has no " + INDEX
                    + ". Give the folder that contains that file.");
        final JsonElement className = StrictJson.read(config, MAX_CONFIG_BYTES).get("_class_name");
        if (className == null || !className.equals(new JsonPrimitive("UNet2DModel")))
            throw new ModelException(root + " is not a whole model: it has no " + INDEX + ", and its " + CONFIG
                    + " is of " + (className == null ? "no class" : className) + ". Give the folder that contains "
                    + INDEX + ".");
        final JsonObject index = new JsonObject();
        index.add("unet", pair(className.getAsString()));
        if (Files.exists(root.resolve(SCHEDULER_CONFIG))) index.add("scheduler", pair("DDPMScheduler"));
        return index;
    }

    private static JsonArray pair(final String className) {
        final JsonArray pair = new JsonArray();
        pair.add("diffusers");
        pair.add(className);
        return pair;
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
    public boolean holds(final String component) {
        return has(component) && (Files.isDirectory(root.resolve(component)) || liesAtRoot(component));
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
     * @return its folder; the model's own if UNet or scheduler lie there, as in the first
     *         models that were published
     * @throws ModelException if the model does not have it, or the folder is
     *           missing
     */
    public Path folder(final String component) throws ModelException {
        requireListed(component);
        final Path folder = root.resolve(component);
        if (Files.isDirectory(folder)) return folder;
        if (!liesAtRoot(component))
            throw new ModelException("The model folder is incomplete: " + INDEX + " lists " + component + ", but "
                    + folder + " is missing. Copy or download it again.");
        return root;
    }

    private boolean liesAtRoot(final String component) {
        final String atRoot = AT_ROOT.get(component);
        return atRoot != null && Files.exists(root.resolve(atRoot));
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
        files.addAll(filesIn(root));
        for (final String component : components()) {
            final Path folder = root.resolve(component);
            if (Files.isDirectory(folder)) files.addAll(filesIn(folder));
        }
        return files;
    }

    private static List<Path> filesIn(final Path folder) throws IOException {
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(Files::isRegularFile).sorted().toList();
        }
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
