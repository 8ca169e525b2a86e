package palindrome.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import palindrome.engine.TorchEngine;
import palindrome.network.ControlNetConfig;
import palindrome.network.ControlNetModel;
import palindrome.network.UNet2DConditionModel;

/**
 * A ControlNet in a folder of its own, opened for a text-conditional model. Owns
 * native memory until it is closed.
 */
public final class ControlNet implements AutoCloseable {

    private final OwnedResources resources;
    private final ControlNetModel network;

    private ControlNet(final OwnedResources resources, final ControlNetModel network) {
        this.resources = resources;
        this.network = network;
    }

    /**
     * @param folder with the network's {@code config.json} and weights
     * @param model the model it will steer, on whose device it is opened in float32
     * @return the ControlNet, which the caller closes
     * @throws ModelException if the folder holds none, it is damaged, or it was made for
     *           another kind of model
     * @throws IOException if a file cannot be read
     */
    public static ControlNet open(final Path folder, final DiffusionModel model) throws IOException {
        final OwnedResources resources = new OwnedResources();
        try {
            final Components components = new Components(DiffusersFolder.ofComponent(folder, "controlnet"));
            components.requireClass("controlnet", "ControlNetModel");
            final ControlNetConfig config = components.config("controlnet", ControlNetConfig::fromJson);
            requireFit(folder, config, model);
            return new ControlNet(
                    resources,
                    resources.own(components.network(
                            "controlnet",
                            "control network",
                            () -> ControlNetModel.parameterShapes(config),
                            resources.own(TorchEngine.start().newManager(model.device())),
                            weights -> new ControlNetModel(config, weights))));
        } catch (final IOException | RuntimeException exc) {
            resources.close();
            throw exc;
        }
    }

    private static void requireFit(final Path folder, final ControlNetConfig config, final DiffusionModel model)
            throws ModelException {
        if (!(model.unet() instanceof UNet2DConditionModel unet))
            throw new ModelException("The control network in " + folder + " cannot steer the model '" + model.name()
                    + "', which takes no text.");
        final List<Integer> own = config.encoder().crossAttentionDim();
        final List<Integer> wanted = unet.config().crossAttentionDim();
        final boolean sameLevels =
                config.encoder().blockOutChannels().equals(unet.config().blockOutChannels());
        if (!sameLevels || !own.equals(wanted) || config.encoder().inChannels() != model.stateChannels())
            throw new ModelException("The control network in " + folder + " was made for another kind of model than '"
                    + model.name() + "': it has block_out_channels = "
                    + config.encoder().blockOutChannels() + " and cross_attention_dim = " + own.get(0)
                    + ", the model " + unet.config().blockOutChannels() + " and " + wanted.get(0)
                    + ". Use one that was trained with this model.");
    }

    /** @return the network */
    public ControlNetModel network() {
        return network;
    }

    @Override
    public void close() {
        resources.close();
    }
}
