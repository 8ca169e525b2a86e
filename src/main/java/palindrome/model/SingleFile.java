package palindrome.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A checkpoint in one safetensors file, in the layout of the original training
 * code (LDM): Stable Diffusion 1.x, 2.x and XL, also for inpainting, a ControlNet,
 * or an autoencoder alone. Which it is, is read from its tensors; what the file
 * does not say comes with the plugin.
 */
final class SingleFile implements Checkpoint {

    /** The variant that takes averaged weights, where the file has them. */
    static final String EMA = "ema";

    private static final String UNET_PREFIX = "model.diffusion_model.";
    private static final String EMA_PREFIX = "model_ema.diffusion_model";
    /** The one component that may be missing, since it can come from elsewhere. */
    private static final String VAE = "vae";

    private static final String PREDICTION_TYPE = "prediction_type";

    /** Left in autoencoders by their training. */
    private static final Set<String> LEFTOVERS = Set.of("loss", "model_ema");

    private final Path file;
    private final String variant;
    private final SingleFileFamily family;
    private final JsonObject configs;

    private SingleFile(final Path file, final String variant, final SingleFileFamily family, final JsonObject configs) {
        this.file = file;
        this.variant = variant;
        this.family = family;
        this.configs = configs;
    }

    /**
     * @param file a safetensors file
     * @param variant {@code ema} for averaged weights; any other is the plain ones
     * @return the checkpoint, its table of contents read
     * @throws ModelException if it is damaged, incomplete, or no such checkpoint
     * @throws IOException if it cannot be read
     */
    static SingleFile open(final Path file, final String variant) throws IOException {
        return open(file, variant, SingleFileFamily::of);
    }

    /** As above, the ControlNet of a file. */
    static SingleFile openControlNet(final Path file) throws IOException {
        return open(file, "", SingleFileFamily::ofControlNet);
    }

    /** As above, the autoencoder of a file. */
    static SingleFile openAutoencoder(final Path file) throws IOException {
        return open(file, "", SingleFileFamily::ofAutoencoder);
    }

    /** Tells a family by the tensors of a file. */
    private interface Recognition {

        SingleFileFamily of(String origin, Map<String, StoredTensor> tensors) throws IOException;
    }

    private static SingleFile open(final Path file, final String variant, final Recognition recognition)
            throws IOException {
        try (SafetensorsFile safetensors = SafetensorsFile.open(file);
                StoredTensors tensors = StoredTensors.open(List.of(file))) {
            final Set<String> names = tensors.byName().keySet();
            final SingleFileFamily whole = recognition.of(file.toString(), tensors.byName());
            final SingleFileFamily family =
                    whole.prefixes().has(VAE) && !holds(names, whole, VAE) ? whole.without(VAE) : whole;
            requireComplete(file, family, names);
            final JsonObject configs = family.configs().deepCopy();
            adapt(configs, family, tensors.byName(), safetensors.metadata());
            return new SingleFile(file, variant, family, configs);
        }
    }

    /** @return what the family is called, such as {@code Stable Diffusion 1.x} */
    String description() {
        return family.description();
    }

    @Override
    public String name() {
        final String name = file.getFileName().toString();
        final int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    @Override
    public List<String> components() {
        return family.index().keySet().stream().filter(this::has).toList();
    }

    @Override
    public boolean has(final String component) {
        return family.index().get(component) instanceof JsonArray;
    }

    @Override
    public String className(final String component) throws ModelException {
        requireComponent(component);
        return family.index().getAsJsonArray(component).get(1).getAsString();
    }

    @Override
    public Optional<JsonElement> option(final String key) {
        return Optional.ofNullable(family.index().get(key));
    }

    @Override
    public JsonObject config(final String component, final String name) throws ModelException {
        requireComponent(component);
        return configs.getAsJsonObject(component).deepCopy();
    }

    @Override
    public boolean leavesPredictionTypeOpen() {
        return has("scheduler") && !configs.getAsJsonObject("scheduler").has(PREDICTION_TYPE);
    }

    @Override
    public StoredTensors tensors(final String component) throws IOException {
        requireComponent(component);
        return StoredTensors.open(List.of(file)).translated(all -> DiffusersNames.current(translated(component, all)));
    }

    @Override
    public TokenizerFiles tokenizer(final String component) throws IOException {
        requireComponent(component);
        return ClipVocabulary.files(family.padding().get(component).getAsString());
    }

    @Override
    public List<Path> weightFiles(final List<String> components) {
        return files();
    }

    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public ModelCard card() {
        return new ModelCard(Optional.empty(), Optional.empty());
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private Map<String, StoredTensor> translated(final String component, final Map<String, StoredTensor> all)
            throws ModelException {
        final JsonObject config = configs.getAsJsonObject(component);
        final Map<String, StoredTensor> own = below(prefix(family, component), all);
        return switch (className(config)) {
            case "UNet2DConditionModel" ->
                renamed(LdmNames.unet(config), variant.equals(EMA) ? averaged(own, all) : own);
            case "ControlNetModel" -> renamed(LdmNames.controlNet(config), own);
            case "AutoencoderKL" -> renamed(LdmNames.vae(config), withoutLeftovers(own));
            default ->
                own.containsKey("token_embedding.weight")
                        ? OpenClipLayout.translated(
                                own, config.get("num_hidden_layers").getAsInt())
                        : own;
        };
    }

    /** Tensors that no module has keep their names, so that they are reported. */
    private Map<String, StoredTensor> renamed(final NameTable table, final Map<String, StoredTensor> tensors)
            throws ModelException {
        final Map<String, StoredTensor> renamed = new LinkedHashMap<>();
        for (final Map.Entry<String, StoredTensor> one : tensors.entrySet())
            if (renamed.put(table.toDiffusers(one.getKey()).orElse(one.getKey()), one.getValue()) != null)
                throw new ModelException(file + " has the tensor " + one.getKey() + " under two names.");
        return renamed;
    }

    /** Averaged weights are stored under the plain names without their dots. */
    private Map<String, StoredTensor> averaged(
            final Map<String, StoredTensor> plain, final Map<String, StoredTensor> all) throws ModelException {
        final Map<String, StoredTensor> averaged = new LinkedHashMap<>();
        for (final String name : plain.keySet()) {
            final StoredTensor tensor = all.get(EMA_PREFIX + name.replace(".", ""));
            if (tensor == null)
                throw new ModelException(file + " has no averaged (EMA) weights of " + UNET_PREFIX + name
                        + ". Open it without variant=" + EMA + ".");
            averaged.put(name, tensor);
        }
        return averaged;
    }

    private static Map<String, StoredTensor> withoutLeftovers(final Map<String, StoredTensor> tensors) {
        final Map<String, StoredTensor> kept = new LinkedHashMap<>(tensors);
        kept.keySet().removeIf(name -> LEFTOVERS.contains(name.substring(0, Math.max(0, name.indexOf('.')))));
        return kept;
    }

    private static Map<String, StoredTensor> below(final String prefix, final Map<String, StoredTensor> all) {
        final Map<String, StoredTensor> below = new LinkedHashMap<>();
        all.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) below.put(name.substring(prefix.length()), tensor);
        });
        return below;
    }

    private static String prefix(final SingleFileFamily family, final String component) {
        return family.prefixes().get(component).getAsString();
    }

    private static void requireComplete(final Path file, final SingleFileFamily family, final Set<String> names)
            throws ModelException {
        for (final String component : family.prefixes().keySet())
            if (!holds(names, family, component))
                throw new ModelException(file + " is a " + family.description() + " checkpoint without its " + component
                        + ": no tensor begins with " + prefix(family, component) + ". Use the complete checkpoint.");
    }

    private static boolean holds(final Set<String> names, final SingleFileFamily family, final String component) {
        return names.stream().anyMatch(name -> name.startsWith(prefix(family, component)));
    }

    /** What differs between checkpoints of one family. */
    private static void adapt(
            final JsonObject configs,
            final SingleFileFamily family,
            final Map<String, StoredTensor> tensors,
            final Map<String, String> metadata) {
        for (final String component : family.prefixes().keySet()) {
            final LdmSizes sizes = new LdmSizes(below(prefix(family, component), tensors));
            final JsonObject config = configs.getAsJsonObject(component);
            switch (className(config)) {
                case "UNet2DConditionModel" -> sizes.unet(config);
                case "ControlNetModel" -> sizes.controlNet(config);
                case "AutoencoderKL" -> sizes.vae(config);
                default -> sizes.text(config);
            }
        }
        if (configs.has("scheduler")) adaptScheduler(configs, tensors, metadata);
    }

    private static String className(final JsonObject config) {
        return config.has("_class_name") ? config.get("_class_name").getAsString() : "";
    }

    private static void adaptScheduler(
            final JsonObject configs, final Map<String, StoredTensor> tensors, final Map<String, String> metadata) {
        final JsonObject scheduler = configs.getAsJsonObject("scheduler");
        final String stated = metadata.getOrDefault("modelspec.prediction_type", "");
        if (stated.equals("v") || tensors.containsKey("v_pred")) scheduler.addProperty(PREDICTION_TYPE, "v_prediction");
        // NB: all inpainting models of Stable Diffusion 2 predict the noise.
        else if (stated.equals("epsilon")
                || configs.getAsJsonObject("unet").get("in_channels").getAsInt() != 4)
            scheduler.addProperty(PREDICTION_TYPE, "epsilon");
        if (tensors.containsKey("ztsnr")) {
            scheduler.addProperty("rescale_betas_zero_snr", true);
            scheduler.addProperty("timestep_spacing", "trailing");
        }
    }

    private void requireComponent(final String component) throws ModelException {
        if (!has(component))
            throw new ModelException(
                    file + " is a " + family.description() + " checkpoint, which has no " + component + ".");
    }
}
