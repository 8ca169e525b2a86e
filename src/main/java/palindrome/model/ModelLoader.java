package palindrome.model;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import palindrome.engine.Placement;
import palindrome.engine.Precision;
import palindrome.engine.TorchEngine;
import palindrome.network.Autoencoder;
import palindrome.network.AutoencoderKL;
import palindrome.network.AutoencoderKLConfig;
import palindrome.network.CLIPTextConfig;
import palindrome.network.CLIPTextModel;
import palindrome.network.CaptionClassifier;
import palindrome.network.CaptionClassifierConfig;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;
import palindrome.network.VQModel;
import palindrome.network.VQModelConfig;

/**
 * Builds the parts of a {@link DiffusionModel} from its checkpoint and checks that
 * they fit together.
 */
final class ModelLoader {

    private static final String UNET = "unet";
    private static final String TEXT_ENCODER = "text_encoder";
    private static final String TOKENIZER = "tokenizer";
    private static final String SCHEDULER = "scheduler";
    private static final String CLASSIFIER = "classifier";
    /** What pipelines call their autoencoder. */
    private static final List<String> AUTOENCODERS = List.of("vae", "vqvae");

    /** Components that do not take part in denoising. */
    private static final Set<String> IGNORED = Set.of("safety_checker", "feature_extractor");

    private final Checkpoint checkpoint;
    private final OwnedResources resources;
    private final NDManager manager;
    private final ModelCard card;
    private final WeightsHash hash;
    private final SchedulerConfig scheduler;
    private final PixelUnshuffle pixelUnshuffle;
    private final ClipTokenizer tokenizer;
    private final CLIPTextModel textEncoder;
    private final UNet2DConditionModel unet;
    private final Optional<CaptionClassifier> classifier;
    private final Optional<Autoencoder> autoencoder;

    ModelLoader(final Checkpoint checkpoint, final Placement placement, final OwnedResources resources)
            throws IOException {
        this.checkpoint = checkpoint;
        this.resources = resources;
        requireSupported();
        // What is small comes first, so that a wrong folder is refused at once.
        scheduler = configured(SCHEDULER, "scheduler_config.json", SchedulerConfig::fromJson);
        final UNet2DConditionConfig unetConfig = configured(UNET, "config.json", UNet2DConditionConfig::fromJson);
        final CLIPTextConfig textConfig = configured(TEXT_ENCODER, "config.json", CLIPTextConfig::fromJson);
        final Optional<CaptionClassifierConfig> classifierConfig = checkpoint.has(CLASSIFIER)
                ? Optional.of(configured(CLASSIFIER, "config.json", CaptionClassifierConfig::fromJson))
                : Optional.empty();
        pixelUnshuffle = unshuffle();
        if (autoencoderName().isEmpty()) requireChannels(unetConfig);
        if (classifierConfig.isPresent()) requireSameState(classifierConfig.get(), unetConfig);
        hash = new WeightsHash(
                checkpoint.weightFiles(Stream.concat(Stream.of(UNET, TEXT_ENCODER, CLASSIFIER), AUTOENCODERS.stream())
                        .filter(checkpoint::has)
                        .toList()),
                checkpoint.alterations(),
                RememberedHashes.ofUser());
        card = checkpoint.card();
        tokenizer = resources.own(ClipTokenizer.of(checkpoint.tokenizer(TOKENIZER)));
        requireText(unetConfig, textConfig);
        manager = resources.own(TorchEngine.start().newManager(placement.device()));
        textEncoder = resources.own(textEncoder(textConfig));
        unet = resources.own(unet(unetConfig, placement.precision()));
        classifier = classifierConfig.isPresent()
                ? Optional.of(resources.own(classifier(classifierConfig.get())))
                : Optional.empty();
        autoencoder = autoencoder(unetConfig);
    }

    OwnedResources resources() {
        return resources;
    }

    NDManager manager() {
        return manager;
    }

    String name() {
        return checkpoint.name();
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

    ClipTokenizer tokenizer() {
        return tokenizer;
    }

    CLIPTextModel textEncoder() {
        return textEncoder;
    }

    UNet2DConditionModel unet() {
        return unet;
    }

    Optional<CaptionClassifier> classifier() {
        return classifier;
    }

    Optional<Autoencoder> autoencoder() {
        return autoencoder;
    }

    private interface FromJson<T> {

        T from(JsonObject json);
    }

    private <T> T configured(final String component, final String file, final FromJson<T> reader) throws IOException {
        final JsonObject json = checkpoint.config(component, file);
        try {
            return reader.from(json);
        } catch (final IllegalArgumentException exc) {
            throw new ModelException(
                    checkpoint + "/" + component + "/" + file + " cannot be used. " + exc.getMessage(), exc);
        }
    }

    private void requireSupported() throws ModelException {
        requireClass(UNET, "UNet2DConditionModel");
        requireClass(TEXT_ENCODER, "CLIPTextModel");
        requireClass(TOKENIZER, "CLIPTokenizer", "CLIPTokenizerFast");
        if (checkpoint.has(CLASSIFIER)) requireClass(CLASSIFIER, "CaptionClassifier");
        if (autoencoderName().isPresent()) requireClass(autoencoderName().get(), "AutoencoderKL", "VQModel");
        checkpoint.className(SCHEDULER);
        final Set<String> used = Set.of(UNET, TEXT_ENCODER, TOKENIZER, SCHEDULER, CLASSIFIER, "vae", "vqvae");
        for (final String component : checkpoint.components())
            if (!used.contains(component) && !IGNORED.contains(component))
                throw new ModelException("The model in " + checkpoint + " has a " + component + " ("
                        + checkpoint.className(component) + "), which is not supported.");
    }

    private void requireClass(final String component, final String... supported) throws ModelException {
        final String actual = checkpoint.className(component);
        if (!List.of(supported).contains(actual))
            throw new ModelException("The " + component + " of the model in " + checkpoint + " is a " + actual
                    + ", which is not supported; supported is " + supported[0] + ".");
    }

    private PixelUnshuffle unshuffle() throws ModelException {
        final JsonFields index = new JsonFields("model_index.json", indexOptions());
        try {
            return new PixelUnshuffle(index.integer("pixel_unshuffle", 1));
        } catch (final IllegalArgumentException exc) {
            throw new ModelException("The model in " + checkpoint + " cannot be used. " + exc.getMessage(), exc);
        }
    }

    private JsonObject indexOptions() {
        final JsonObject options = new JsonObject();
        checkpoint.option("pixel_unshuffle").ifPresent(value -> options.add("pixel_unshuffle", value));
        return options;
    }

    private void requireChannels(final UNet2DConditionConfig config) throws ModelException {
        final int square = pixelUnshuffle.factor() * pixelUnshuffle.factor();
        final boolean image = config.inChannels() == square || config.inChannels() == 3 * square;
        if (!image || config.outChannels() != config.inChannels())
            throw new ModelException("The UNet of the model in " + checkpoint + " maps " + config.inChannels() + " to "
                    + config.outChannels() + " channels; at pixel_unshuffle = " + pixelUnshuffle.factor()
                    + " a pixel model has " + square + " (grey) or " + 3 * square + " (RGB) on both sides.");
    }

    private void requireSameState(
            final CaptionClassifierConfig classifierConfig, final UNet2DConditionConfig unetConfig)
            throws ModelException {
        if (classifierConfig.inChannels() != unetConfig.inChannels())
            throw new ModelException("The parts of the model in " + checkpoint + " do not fit together: the UNet has"
                    + " in_channels = " + unetConfig.inChannels() + ", the classifier in_channels = "
                    + classifierConfig.inChannels() + ".");
    }

    private void requireText(final UNet2DConditionConfig unetConfig, final CLIPTextConfig textConfig)
            throws ModelException {
        for (final int width : unetConfig.crossAttentionDim())
            if (width != textConfig.hiddenSize())
                throw new ModelException("The parts of the model in " + checkpoint
                        + " do not fit together: the UNet has cross_attention_dim = " + width
                        + ", the text encoder hidden_size = " + textConfig.hiddenSize() + ".");
        if (tokenizer.vocabularySize() > textConfig.vocabSize())
            throw new ModelException(
                    "The parts of the model in " + checkpoint + " do not fit together: the tokenizer has "
                            + tokenizer.vocabularySize() + " tokens, the text encoder vocab_size = "
                            + textConfig.vocabSize() + ".");
        if (tokenizer.length() > textConfig.maxPositionEmbeddings())
            throw new ModelException("The parts of the model in " + checkpoint
                    + " do not fit together: the tokenizer has model_max_length = " + tokenizer.length()
                    + ", the text encoder max_position_embeddings = " + textConfig.maxPositionEmbeddings() + ".");
    }

    private CLIPTextModel textEncoder(final CLIPTextConfig config) throws IOException {
        return withWeights(TEXT_ENCODER, Precision.FLOAT32, weights -> {
            weights.require("text encoder", CLIPTextModel.parameterShapes(config));
            return new CLIPTextModel(config, weights);
        });
    }

    private UNet2DConditionModel unet(final UNet2DConditionConfig config, final Precision precision)
            throws IOException {
        return withWeights(UNET, precision, weights -> {
            weights.require("UNet", UNet2DConditionModel.parameterShapes(config));
            return new UNet2DConditionModel(config, weights);
        });
    }

    private CaptionClassifier classifier(final CaptionClassifierConfig config) throws IOException {
        return withWeights(CLASSIFIER, Precision.FLOAT32, weights -> {
            weights.require("classifier", CaptionClassifier.parameterShapes(config));
            return new CaptionClassifier(config, weights);
        });
    }

    private Optional<String> autoencoderName() {
        return AUTOENCODERS.stream().filter(checkpoint::has).findFirst();
    }

    /** The autoencoder of a latent model, which is the only part that knows pixels. */
    private Optional<Autoencoder> autoencoder(final UNet2DConditionConfig unetConfig) throws IOException {
        if (autoencoderName().isEmpty()) return Optional.empty();
        final String component = autoencoderName().get();
        final Autoencoder built = resources.own(
                checkpoint.className(component).equals("VQModel") ? vqModel(component) : autoencoderKL(component));
        if (pixelUnshuffle.factor() != 1)
            throw new ModelException("The model in " + checkpoint + " has both a " + component
                    + " and pixel_unshuffle = " + pixelUnshuffle.factor() + "; a model has one or the other.");
        if (unetConfig.inChannels() != built.latentChannels() || unetConfig.outChannels() != built.latentChannels())
            throw new ModelException("The parts of the model in " + checkpoint + " do not fit together: the UNet maps "
                    + unetConfig.inChannels() + " to " + unetConfig.outChannels() + " channels, the " + component
                    + " has latents of " + built.latentChannels() + ".");
        return Optional.of(built);
    }

    private Autoencoder autoencoderKL(final String component) throws IOException {
        final AutoencoderKLConfig config = configured(component, "config.json", AutoencoderKLConfig::fromJson);
        return withWeights(component, Precision.FLOAT32, weights -> {
            weights.require("autoencoder", AutoencoderKL.parameterShapes(config));
            return new AutoencoderKL(config, weights);
        });
    }

    private Autoencoder vqModel(final String component) throws IOException {
        final VQModelConfig config = configured(component, "config.json", VQModelConfig::fromJson);
        return withWeights(component, Precision.FLOAT32, weights -> {
            weights.require("autoencoder", VQModel.parameterShapes(config));
            return new VQModel(config, weights);
        });
    }

    private interface Building<T> {

        T from(CheckpointWeights weights) throws IOException;
    }

    private <T> T withWeights(final String component, final Precision precision, final Building<T> building)
            throws IOException {
        try (CheckpointWeights weights = new CheckpointWeights(checkpoint.tensors(component), manager, precision)) {
            return building.from(weights);
        } catch (final UncheckedIOException exc) {
            throw exc.getCause();
        } catch (final IllegalArgumentException exc) {
            throw new ModelException(
                    "The " + component + " of the model in " + checkpoint + " cannot be built. " + exc.getMessage(),
                    exc);
        }
    }
}
