package palindrome.model;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import palindrome.engine.Placement;
import palindrome.engine.TorchEngine;
import palindrome.network.Autoencoder;
import palindrome.network.CaptionClassifier;
import palindrome.network.CaptionClassifierConfig;
import palindrome.network.UNet;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConfig;
import palindrome.network.UNetArchitecture;

/**
 * Builds the parts of a {@link DiffusionModel} from its checkpoint and checks that
 * they fit together.
 */
final class ModelLoader {

    private static final String UNET = "unet";
    private static final String SCHEDULER = "scheduler";
    private static final String CLASSIFIER = "classifier";
    private static final String PIXEL_UNSHUFFLE = "pixel_unshuffle";

    /** Components that do not take part in denoising, or that are opened on their own. */
    private static final Set<String> IGNORED =
            Set.of("safety_checker", "feature_extractor", "image_encoder", "controlnet");

    private final Components components;
    private final Placement placement;
    private final OwnedResources resources;
    private final NDManager manager;
    private final ModelCard card;
    private final WeightsHash hash;
    private final SchedulerConfig scheduler;
    private final PixelUnshuffle pixelUnshuffle;
    private final StateChannels channels;
    private final Conditioner conditioner;
    private final UNetArchitecture architecture;
    private final UNet unet;
    private final Optional<CaptionClassifier> classifier;
    private final Optional<Autoencoder> autoencoder;

    ModelLoader(final Checkpoint checkpoint, final Placement placement, final OwnedResources resources)
            throws IOException {
        components = new Components(checkpoint);
        this.placement = placement;
        this.resources = resources;
        // What is small comes first, so that a wrong folder is refused at once.
        final Optional<AutoencoderPart> autoencoderPart = AutoencoderPart.of(components);
        architecture = architecture(components);
        scheduler = noiseLevels();
        requireTimesteps();
        final Optional<CaptionClassifierConfig> classifierConfig = classifierConfig();
        pixelUnshuffle = pixelUnshuffle(components);
        channels = StateChannels.of(architecture, checkpoint);
        if (autoencoderPart.isEmpty()) channels.requirePixels(architecture, pixelUnshuffle, checkpoint);
        else if (pixelUnshuffle.factor() != 1)
            throw new ModelException("The model in " + checkpoint + " has both an autoencoder and pixel_unshuffle = "
                    + pixelUnshuffle.factor() + "; a model has one or the other.");
        if (classifierConfig.isPresent()) requireSameState(classifierConfig.get());
        final ConditionerPlan plan = ConditionerPlan.of(components, architecture, resources);
        requireNoOthers(plan.components());
        hash = new WeightsHash(
                checkpoint.weightFiles(weighted(plan)), checkpoint.alterations(), RememberedHashes.ofUser());
        card = checkpoint.card();
        manager = resources.own(TorchEngine.start().newManager(placement.device()));
        conditioner = plan.build(manager, resources);
        unet = resources.own(components.network(
                UNET, "UNet", architecture::parameterShapes, manager, placement.precision(), architecture::build));
        classifier = classifierConfig.isPresent()
                ? Optional.of(resources.own(classifier(classifierConfig.get())))
                : Optional.empty();
        autoencoder = autoencoderPart.isPresent()
                ? Optional.of(autoencoderPart.get().build(channels, manager, resources))
                : Optional.empty();
    }

    OwnedResources resources() {
        return resources;
    }

    NDManager manager() {
        return manager;
    }

    Placement placement() {
        return placement;
    }

    String name() {
        return components.checkpoint().name();
    }

    ModelCard card() {
        return card;
    }

    WeightsHash hash() {
        return hash;
    }

    SchedulerConfig scheduler() {
        return scheduler;
    }

    PixelUnshuffle pixelUnshuffle() {
        return pixelUnshuffle;
    }

    StateChannels channels() {
        return channels;
    }

    Conditioner conditioner() {
        return conditioner;
    }

    UNetArchitecture unetArchitecture() {
        return architecture;
    }

    UNet unet() {
        return unet;
    }

    Optional<CaptionClassifier> classifier() {
        return classifier;
    }

    Optional<Autoencoder> autoencoder() {
        return autoencoder;
    }

    /** @return the model's UNet, before its weights are read */
    static UNetArchitecture architecture(final Components components) throws IOException {
        components.requireClass(UNET, "UNet2DConditionModel", "UNet2DModel");
        return components.checkpoint().className(UNET).equals("UNet2DModel")
                ? components.config(UNET, UNet2DConfig::fromJson)
                : components.config(UNET, UNet2DConditionConfig::fromJson);
    }

    /** A UNet alone says nothing of noise levels; such models were all trained on those of the DDPM paper. */
    private SchedulerConfig noiseLevels() throws IOException {
        return architecture instanceof UNet2DConfig && !components.has(SCHEDULER)
                ? SchedulerConfig.fromJson(new JsonObject())
                : components.config(SCHEDULER, "scheduler_config.json", SchedulerConfig::fromJson);
    }

    /** A table of timesteps has to have all that the scheduler asks for. */
    private void requireTimesteps() throws ModelException {
        if (architecture instanceof UNet2DConfig config
                && config.timeEmbeddingType() == UNet2DConfig.TimeEmbeddingType.LEARNED
                && config.numTrainTimesteps() < scheduler.numTrainTimesteps())
            throw components.misfit("the UNet has num_train_timesteps = " + config.numTrainTimesteps()
                    + ", the scheduler " + scheduler.numTrainTimesteps());
    }

    private void requireNoOthers(final List<String> conditioning) throws ModelException {
        for (final String component : components.checkpoint().components())
            if (!conditioning.contains(component)
                    && !IGNORED.contains(component)
                    && !AutoencoderPart.NAMES.contains(component)
                    && !List.of(UNET, SCHEDULER, CLASSIFIER).contains(component))
                throw new ModelException("The model in " + components.checkpoint() + " has a " + component + " ("
                        + components.checkpoint().className(component) + "), which is not supported.");
    }

    /** The components with weights, in the order of the hash. */
    private List<String> weighted(final ConditionerPlan plan) {
        final List<String> weighted = new ArrayList<>(List.of(UNET));
        plan.components().stream()
                .filter(component -> component.startsWith(ConditionerPlan.TEXT_ENCODER))
                .forEach(weighted::add);
        if (components.has(CLASSIFIER)) weighted.add(CLASSIFIER);
        AutoencoderPart.NAMES.stream().filter(components::has).forEach(weighted::add);
        return weighted;
    }

    /** @return how a model of pixels sees an image */
    static PixelUnshuffle pixelUnshuffle(final Components components) throws ModelException {
        final JsonObject options = new JsonObject();
        components.checkpoint().option(PIXEL_UNSHUFFLE).ifPresent(value -> options.add(PIXEL_UNSHUFFLE, value));
        final JsonFields index = new JsonFields("model_index.json", options);
        try {
            return new PixelUnshuffle(index.integer(PIXEL_UNSHUFFLE, 1));
        } catch (final IllegalArgumentException exc) {
            throw new ModelException(
                    "The model in " + components.checkpoint() + " cannot be used. " + exc.getMessage(), exc);
        }
    }

    private Optional<CaptionClassifierConfig> classifierConfig() throws IOException {
        if (!components.has(CLASSIFIER)) return Optional.empty();
        components.requireClass(CLASSIFIER, "CaptionClassifier");
        return Optional.of(components.config(CLASSIFIER, CaptionClassifierConfig::fromJson));
    }

    private void requireSameState(final CaptionClassifierConfig classifierConfig) throws ModelException {
        if (classifierConfig.inChannels() != channels.state())
            throw components.misfit("the UNet has in_channels = " + architecture.inChannels()
                    + ", the classifier in_channels = " + classifierConfig.inChannels());
    }

    private CaptionClassifier classifier(final CaptionClassifierConfig config) throws IOException {
        return components.network(
                CLASSIFIER,
                CLASSIFIER,
                () -> CaptionClassifier.parameterShapes(config),
                manager,
                weights -> new CaptionClassifier(config, weights));
    }
}
