package palindrome.model;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import palindrome.network.AdditionEmbedType;
import palindrome.network.AutoencoderKLConfig;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNetArchitecture;

/**
 * A checkpoint with another autoencoder in place of its own, or with one where it
 * came without. An autoencoder that does not say how its latents are scaled takes
 * that from the model, whose network was trained on them.
 */
final class VaeCheckpoint extends ForwardingCheckpoint {

    private static final String VAE = "vae";
    private static final String SCALING_FACTOR = "scaling_factor";
    private static final List<String> SCALING = List.of(SCALING_FACTOR, "shift_factor", "latents_mean", "latents_std");

    /** Of the latents that all networks of the kind of Stable Diffusion XL were trained on. */
    private static final double SCALING_FACTOR_XL = 0.13025;

    private final Checkpoint other;
    private final JsonObject config;

    private VaeCheckpoint(final Checkpoint base, final Checkpoint other, final JsonObject config) {
        super(base);
        this.other = other;
        this.config = config;
    }

    /**
     * @param base the model
     * @param path a folder with an autoencoder's {@code config.json} and weights, a model
     *          folder that has one, or a file in the layout of the original training code
     * @return the changed model
     * @throws ModelException if the model does not work on such latents, or the autoencoder is
     *           damaged or was made for latents of another kind
     * @throws IOException if a file cannot be read
     */
    static VaeCheckpoint of(final Checkpoint base, final CheckpointPath path) throws IOException {
        final Components components = new Components(base);
        final UNetArchitecture unet = ModelLoader.architecture(components);
        final StateChannels channels = StateChannels.of(unet, base);
        requireLatents(components, channels, path);
        final Checkpoint other = checkpoint(path);
        final int latent = latentChannels(other);
        if (latent != channels.state())
            throw new ModelException("The autoencoder " + path + " makes latents of " + latent
                    + " channels, but the model '" + base.name() + "' works on " + channels.state()
                    + ". Use one that was made for this kind of model.");
        final JsonObject config = other.config(VAE, "config.json");
        if (SCALING.stream().noneMatch(config::has)) scale(config, base, unet);
        return new VaeCheckpoint(base, other, config);
    }

    /** A model that came without an autoencoder works on latents if its state cannot be an image. */
    private static void requireLatents(
            final Components components, final StateChannels channels, final CheckpointPath path)
            throws ModelException {
        if (components.has(VAE)) {
            components.requireClass(VAE, "AutoencoderKL");
            return;
        }
        final boolean hasOther = AutoencoderPart.NAMES.stream().anyMatch(components::has);
        if (hasOther || channels.arePixels(ModelLoader.pixelUnshuffle(components)))
            throw new ModelException("The model '"
                    + components.checkpoint().name()
                    + "' has no AutoencoderKL, so there is none to replace with vae=" + path + ". Leave vae out.");
    }

    /** @param config of the autoencoder, completed */
    private static void scale(final JsonObject config, final Checkpoint base, final UNetArchitecture unet)
            throws IOException {
        if (base.holds(VAE)) {
            final JsonObject own = base.config(VAE, "config.json");
            SCALING.stream().filter(own::has).forEach(key -> config.add(key, own.get(key)));
        } else if (unet instanceof UNet2DConditionConfig text
                && text.additionEmbedType() instanceof AdditionEmbedType.TextTime)
            config.addProperty(SCALING_FACTOR, SCALING_FACTOR_XL);
    }

    /** @return every file that the autoencoder is made from */
    static List<Path> files(final CheckpointPath path) throws IOException {
        return path.isFile() ? List.of(path.path()) : checkpoint(path).files();
    }

    private static Checkpoint checkpoint(final CheckpointPath path) throws IOException {
        if (!path.isFile()) return DiffusersFolder.ofComponent(path.path(), VAE, path.variant());
        ForeignFormat.check(path.path());
        return SingleFile.openAutoencoder(path.path());
    }

    private static int latentChannels(final Checkpoint autoencoder) throws IOException {
        final Components components = new Components(autoencoder);
        components.requireClass(VAE, "AutoencoderKL");
        return components.config(VAE, AutoencoderKLConfig::fromJson).latentChannels();
    }

    @Override
    public List<String> components() {
        return Stream.concat(super.components().stream(), Stream.of(VAE))
                .distinct()
                .toList();
    }

    @Override
    public boolean has(final String component) {
        return component.equals(VAE) || super.has(component);
    }

    @Override
    public boolean holds(final String component) {
        return component.equals(VAE) || super.holds(component);
    }

    @Override
    public String className(final String component) throws ModelException {
        return component.equals(VAE) ? other.className(VAE) : super.className(component);
    }

    @Override
    public JsonObject config(final String component, final String file) throws IOException {
        return component.equals(VAE) ? config.deepCopy() : super.config(component, file);
    }

    @Override
    public StoredTensors tensors(final String component) throws IOException {
        return component.equals(VAE) ? other.tensors(VAE) : super.tensors(component);
    }

    @Override
    public List<Path> weightFiles(final List<String> components) throws IOException {
        final List<Path> files = new ArrayList<>(super.weightFiles(
                components.stream().filter(name -> !name.equals(VAE)).toList()));
        if (components.contains(VAE)) files.addAll(other.weightFiles(List.of(VAE)));
        return files;
    }

    @Override
    public List<Path> files() throws IOException {
        final List<Path> files = new ArrayList<>(super.files());
        files.addAll(other.files());
        return files;
    }
}
