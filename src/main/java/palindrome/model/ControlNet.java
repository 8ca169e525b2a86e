package palindrome.model;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.List;
import palindrome.engine.Placement;
import palindrome.engine.TorchEngine;
import palindrome.network.ControlNetConfig;
import palindrome.network.ControlNetModel;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;

/**
 * A ControlNet, ready to steer models of the kind it was trained with; lent by
 * {@link ModelPool#leaseControlNet}. Owns native memory until it is closed.
 */
public final class ControlNet implements AutoCloseable {

    private static final int IMAGE_CHANNELS = 3;
    private static final String COMPONENT = "controlnet";

    private final String choice;
    private final WeightsHash hash;
    private final OwnedResources resources;
    private final NDManager manager;
    private final ControlNetConfig config;
    private final ControlNetModel network;

    private ControlNet(
            final String choice, final Components components, final Placement placement, final OwnedResources resources)
            throws IOException {
        this.choice = choice;
        this.resources = resources;
        components.requireClass(COMPONENT, "ControlNetModel");
        config = components.config(COMPONENT, ControlNetConfig::fromJson);
        hash = new WeightsHash(components.checkpoint().weightFiles(List.of(COMPONENT)), "", RememberedHashes.ofUser());
        manager = resources.own(TorchEngine.start().newManager(placement.device()));
        network = resources.own(components.network(
                COMPONENT,
                "control network",
                () -> ControlNetModel.parameterShapes(config),
                manager,
                placement.precision(),
                weights -> new ControlNetModel(config, weights)));
    }

    /**
     * @param path a folder with the network's {@code config.json} and weights, a model folder
     *          that has one, or a file in the layout of the original training code
     * @param placement where it will run, and in which precision
     * @return the ControlNet, which the caller closes
     * @throws ModelException if there is none, or it is damaged
     * @throws IOException if a file cannot be read
     */
    static ControlNet open(final CheckpointPath path, final Placement placement) throws IOException {
        return open(path.toString(), resources -> checkpoint(path), placement);
    }

    /** Finds the files, whatever it takes to keep them readable. */
    interface Finder {

        /** @param resources closed with the ControlNet */
        Checkpoint find(OwnedResources resources) throws IOException;
    }

    /**
     * As above.
     *
     * @param choice what the user calls it
     */
    static ControlNet open(final String choice, final Finder files, final Placement placement) throws IOException {
        final OwnedResources resources = new OwnedResources();
        try {
            return new ControlNet(choice, new Components(files.find(resources)), placement, resources);
        } catch (final IOException | RuntimeException exc) {
            resources.close();
            throw exc;
        }
    }

    static Checkpoint checkpoint(final CheckpointPath path) throws IOException {
        if (!path.isFile()) return DiffusersFolder.ofComponent(path.path(), COMPONENT, path.variant());
        ForeignFormat.check(path.path());
        return SingleFile.openControlNet(path.path());
    }

    /** @throws ModelException if it was made for another kind of model */
    void requireFit(final DiffusionModel model) throws ModelException {
        if (!(model.unet() instanceof UNet2DConditionModel unet))
            throw new ModelException("The ControlNet " + choice + " cannot steer the model '" + model.name()
                    + "', which takes no text.");
        if (unet.inChannels() != model.stateChannels())
            throw new ModelException("The ControlNet " + choice + " cannot steer the model '" + model.name()
                    + "', which is made for inpainting. Use a model that sees nothing but the image.");
        final UNet2DConditionConfig own = config.encoder();
        final UNet2DConditionConfig wanted = unet.config();
        if (!own.blockOutChannels().equals(wanted.blockOutChannels())
                || !own.layersPerBlock().equals(wanted.layersPerBlock())
                || !own.crossAttentionDim().equals(wanted.crossAttentionDim())
                || own.inChannels() != model.stateChannels())
            throw new ModelException("The ControlNet " + choice + " was made for another kind of model than '"
                    + model.name() + "': it has block_out_channels = " + own.blockOutChannels()
                    + " and cross_attention_dim = " + own.crossAttentionDim().get(0) + ", the model "
                    + wanted.blockOutChannels() + " and "
                    + wanted.crossAttentionDim().get(0) + ". Use one that was trained with this model.");
        if (config.conditioningChannels() != IMAGE_CHANNELS || config.scale() != model.factor())
            throw new ModelException("The ControlNet " + choice + " takes control images of "
                    + config.conditioningChannels() + " channels and " + config.scale()
                    + " pixels for each value of the state; the model '" + model.name() + "' needs one for "
                    + IMAGE_CHANNELS + " channels and " + model.factor() + " pixels.");
    }

    /** @return the words that open it again, in any program on this computer */
    public String choice() {
        return choice;
    }

    /**
     * @return SHA-256 of its weight files, as 64 hexadecimal digits; computed when first
     *         asked for
     * @throws IOException if a file cannot be read any more
     */
    public String sha256() throws IOException {
        return hash.hex();
    }

    /** @return the network, of the device and precision of the model it was lent for */
    public ControlNetModel network() {
        return network;
    }

    /** @return the manager of the weights */
    NDManager manager() {
        return manager;
    }

    @Override
    public void close() {
        resources.close();
    }
}
