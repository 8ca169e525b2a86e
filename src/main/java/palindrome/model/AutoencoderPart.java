package palindrome.model;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import palindrome.network.Autoencoder;
import palindrome.network.AutoencoderKL;
import palindrome.network.AutoencoderKLConfig;
import palindrome.network.VQModel;
import palindrome.network.VQModelConfig;

/**
 * The autoencoder of a latent model, which is the only part that knows pixels,
 * before its weights are read. It is float32 always.
 *
 * @param component what the pipeline calls it
 */
record AutoencoderPart(Components components, String component) {

    /** What pipelines call their autoencoder. */
    static final List<String> NAMES = List.of("vae", "vqvae");

    private static final String NAME = "autoencoder";

    /**
     * @return the part, if the model has one
     * @throws ModelException if it is of a class that is not supported
     */
    static Optional<AutoencoderPart> of(final Components components) throws ModelException {
        final Optional<String> name = NAMES.stream().filter(components::has).findFirst();
        if (name.isEmpty()) return Optional.empty();
        components.requireClass(name.get(), "AutoencoderKL", "VQModel");
        return Optional.of(new AutoencoderPart(components, name.get()));
    }

    /**
     * @param channels of the state, which its latents have to have
     * @throws ModelException if they do not
     */
    Autoencoder build(final StateChannels channels, final NDManager manager, final OwnedResources resources)
            throws IOException {
        final Autoencoder built = resources.own(
                components.checkpoint().className(component).equals("VQModel") ? vqModel(manager) : kl(manager));
        if (channels.state() != built.latentChannels())
            throw components.misfit("the UNet predicts " + channels.state() + " channels, the " + component
                    + " has latents of " + built.latentChannels());
        return built;
    }

    private Autoencoder kl(final NDManager manager) throws IOException {
        final AutoencoderKLConfig config = components.config(component, AutoencoderKLConfig::fromJson);
        return components.network(
                component,
                NAME,
                () -> AutoencoderKL.parameterShapes(config),
                manager,
                weights -> new AutoencoderKL(config, weights));
    }

    private Autoencoder vqModel(final NDManager manager) throws IOException {
        final VQModelConfig config = components.config(component, VQModelConfig::fromJson);
        return components.network(
                component,
                NAME,
                () -> VQModel.parameterShapes(config),
                manager,
                weights -> new VQModel(config, weights));
    }
}
