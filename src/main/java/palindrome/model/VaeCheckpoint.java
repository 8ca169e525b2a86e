package palindrome.model;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import palindrome.network.AutoencoderKLConfig;

/**
 * A checkpoint with another autoencoder in place of its own. One that does not
 * say how its latents are scaled takes that from the model, whose network was
 * trained on them.
 */
final class VaeCheckpoint extends ForwardingCheckpoint {

    private static final String VAE = "vae";
    private static final List<String> SCALING =
            List.of("scaling_factor", "shift_factor", "latents_mean", "latents_std");

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
     * @throws ModelException if the model has no autoencoder, or the other one is damaged
     *           or was made for latents of another kind
     * @throws IOException if a file cannot be read
     */
    static VaeCheckpoint of(final Checkpoint base, final CheckpointPath path) throws IOException {
        if (!base.has(VAE))
            throw new ModelException("The model '" + base.name()
                    + "' has no AutoencoderKL, so there is none to replace with vae=" + path + ". Leave vae out.");
        final AutoencoderKLConfig own = read(base);
        final Checkpoint other = checkpoint(path);
        final int channels = read(other).latentChannels();
        if (channels != own.latentChannels())
            throw new ModelException("The autoencoder " + path + " makes latents of " + channels
                    + " channels, but the model '" + base.name() + "' works on " + own.latentChannels()
                    + ". Use one that was made for this kind of model.");
        final JsonObject config = other.config(VAE, "config.json");
        if (SCALING.stream().noneMatch(config::has)) {
            final JsonObject model = base.config(VAE, "config.json");
            for (final String key : SCALING) if (model.has(key)) config.add(key, model.get(key));
        }
        return new VaeCheckpoint(base, other, config);
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

    private static AutoencoderKLConfig read(final Checkpoint checkpoint) throws IOException {
        final Components components = new Components(checkpoint);
        components.requireClass(VAE, "AutoencoderKL");
        return components.config(VAE, AutoencoderKLConfig::fromJson);
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
