package palindrome.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import palindrome.engine.Placement;
import palindrome.network.Autoencoder;
import palindrome.network.CaptionClassifier;
import palindrome.network.Conditioning;
import palindrome.network.NoiseNetwork;
import palindrome.network.TiledAutoencoder;
import palindrome.network.UNet;
import palindrome.network.UNet2DConditionModel;

/**
 * A diffusion model, ready to run on one device: the denoising network, how it is
 * told what to show, what the checkpoint says about its noise levels, and the
 * autoencoder if it works on latents instead of pixels.
 * <p>
 * It owns native memory until it is closed. Reading is safe from several
 * threads.
 */
public final class DiffusionModel implements AutoCloseable {

    private static final double USUAL_OF_PIXELS = 3;
    private static final int UNSTATED_SIDE = 512;

    private final OwnedResources resources;
    private final NDManager manager;
    private final Placement placement;
    private final String name;
    private final WeightsHash hash;
    private final ModelCard card;
    private final SchedulerConfig scheduler;
    private final PixelUnshuffle pixelUnshuffle;
    private final StateChannels channels;
    private final UNet unet;
    private final int sampleSize;
    private final Conditioner conditioner;
    private final Optional<CaptionClassifier> classifier;
    private final Optional<Autoencoder> autoencoder;

    DiffusionModel(final ModelLoader loader) {
        resources = loader.resources();
        manager = loader.manager();
        placement = loader.placement();
        name = loader.name();
        hash = loader.hash();
        card = loader.card();
        scheduler = loader.scheduler();
        pixelUnshuffle = loader.pixelUnshuffle();
        unet = loader.unet();
        sampleSize = loader.unetArchitecture().sampleSize();
        channels = loader.channels();
        conditioner = loader.conditioner();
        classifier = loader.classifier();
        autoencoder = loader.autoencoder();
    }

    /**
     * Opens a model folder, in float32.
     *
     * @param folder the model in diffusers' layout
     * @param device where it will run
     * @return the model, which the caller closes
     * @throws ModelException if it is incomplete, damaged, or of a kind that is
     *           not supported
     * @throws IOException if a file cannot be read
     */
    public static DiffusionModel open(final DiffusersFolder folder, final Device device) throws IOException {
        return open(folder, Placement.on(device), new OwnedResources());
    }

    /**
     * As above, in the given precision, with resources that the model closes in the end, or at once if it cannot be
     * opened. Only the denoising network changes with the precision; autoencoder, text encoder and classifier are
     * float32.
     */
    static DiffusionModel open(final Checkpoint checkpoint, final Placement placement, final OwnedResources resources)
            throws IOException {
        try {
            return new DiffusionModel(new ModelLoader(checkpoint, placement, resources));
        } catch (final IOException | RuntimeException exc) {
            try {
                resources.close();
            } catch (final IllegalStateException closing) {
                exc.addSuppressed(closing);
            }
            throw exc;
        }
    }

    /** @return the name of the model's folder */
    public String name() {
        return name;
    }

    /**
     * @return SHA-256 of the weight files, UNet first, then text encoders, then
     *         classifier and autoencoder if there are any, as 64 hexadecimal digits;
     *         computed when first asked for
     * @throws IOException if a file cannot be read any more
     */
    public String sha256() throws IOException {
        return hash.hex();
    }

    /** @return the licence the model's card names, such as {@code cc0-1.0} */
    public Optional<String> licence() {
        return card.licence();
    }

    /** @return one or two sentences about the model, if it brings them */
    public Optional<String> description() {
        return card.description();
    }

    /** @return where the denoising network runs, and in which precision */
    public Placement placement() {
        return placement;
    }

    /** @return where the networks run */
    public Device device() {
        return manager.getDevice();
    }

    /**
     * @return the manager of the weights; make a sub-manager of it for a run, and
     *         close that
     */
    public NDManager manager() {
        return manager;
    }

    /** @return the denoising network as it is in the checkpoint */
    public UNet unet() {
        return unet;
    }

    /**
     * @return the denoising network as it takes the state alone; one for inpainting is
     *         told that it may paint everything
     */
    public NoiseNetwork network() {
        return channels.network(unet, autoencoder);
    }

    /** @return whether the denoising network also takes a mask and the image outside of it */
    public boolean isInpainting() {
        return channels.inpainting();
    }

    /**
     * @return width of the vector in which the network hears a guidance scale, if it was
     *         distilled from guidance and needs no second evaluation
     */
    public OptionalInt guidanceEmbedding() {
        return unet instanceof UNet2DConditionModel conditional
                        && conditional.config().timeCondProjDim() > 0
                ? OptionalInt.of(conditional.config().timeCondProjDim())
                : OptionalInt.empty();
    }

    /** @return what tells the words of a caption from a noisy state, if the model brings it */
    public Optional<CaptionClassifier> classifier() {
        return classifier;
    }

    /** @return noise levels, timesteps, and what the network predicts */
    public SchedulerConfig scheduler() {
        return scheduler;
    }

    /** @return what takes pixels to latents and back, if the model works on latents */
    public Optional<Autoencoder> autoencoder() {
        return autoencoder;
    }

    /**
     * The way from pixels to the state the network works on, and back.
     *
     * @param plan tiles of the autoencoder; of no account for a model without one
     * @param beforeBlock run before every block of the autoencoder; leaves by an
     *          exception, such as {@link java.util.concurrent.CancellationException}, to
     *          stop
     */
    public ImageSpace imageSpace(final TilePlan plan, final Runnable beforeBlock) {
        return autoencoder
                .<ImageSpace>map(whole ->
                        new LatentSpace(new TiledAutoencoder(whole, plan.autoencoder()), device(), beforeBlock))
                .orElse(pixelUnshuffle);
    }

    /**
     * @param rows of the state
     * @param columns of the state
     * @param memory what the autoencoder may work with, such as
     *          {@link TilePlan#USUAL_MEMORY}, bytes
     * @return the windows in which the networks see such a state; always the same for a
     *         size and memory
     */
    public TilePlan tilePlan(final int rows, final int columns, final long memory) {
        return autoencoder
                .map(whole -> new TilePlanner(whole, sampleSize, memory).plan(rows, columns))
                .orElseGet(() -> TilePlan.whole(rows, columns));
    }

    /**
     * @param batch states evaluated together
     * @param rows of the state
     * @param columns of the state
     * @param plan the windows in which the network sees it
     * @return bytes that one evaluation of the denoising network takes besides the weights, estimated
     */
    public long evaluationBytes(final long batch, final int rows, final int columns, final TilePlan plan) {
        final int window = plan.network().size();
        return unet.evaluationBytes(batch, Math.min(window, rows), Math.min(window, columns));
    }

    /**
     * @param rows of the state
     * @param columns of the state
     * @param plan the tiles in which the autoencoder sees it
     * @return bytes that the autoencoder takes besides its weights, estimated; 0 for a model without one
     */
    public long autoencoderBytes(final int rows, final int columns, final TilePlan plan) {
        final int tile = plan.autoencoder().size();
        final long places = (long) Math.min(tile, rows) * Math.min(tile, columns);
        return autoencoder
                .map(whole -> whole.bytesPerPixel() * whole.factor() * whole.factor() * places)
                .orElse(0L);
    }

    /** @return channels of the network's state */
    public int stateChannels() {
        return channels.state();
    }

    /** @return pixels along each side that one value of the state stands for */
    public int factor() {
        return autoencoder.map(Autoencoder::factor).orElseGet(pixelUnshuffle::factor);
    }

    /** @return channels of an image: 1 for grey, 3 for RGB */
    public int imageChannels() {
        return autoencoder
                .map(Autoencoder::imageChannels)
                .orElseGet(() -> stateChannels() / (pixelUnshuffle.factor() * pixelUnshuffle.factor()));
    }

    /**
     * @return the number that width and height of an image must be multiples of; a
     *         latent model takes any latent, whose odd levels it upsamples as diffusers
     *         does
     */
    public int sizeMultiple() {
        return autoencoder.isPresent() ? factor() : pixelUnshuffle.factor() << (unet.levels() - 1);
    }

    /**
     * @param plan the windows in which the network sees an image
     * @param width of the image, in pixels
     * @param height of the image, in pixels
     * @return size of what the network sees at a time
     */
    public ImageSize seen(final TilePlan plan, final int width, final int height) {
        final int window = plan.network().size() * factor();
        return new ImageSize(Math.min(window, width), Math.min(window, height));
    }

    /** @return size of the images the model was trained on, a square; 512 pixels if it does not say */
    public ImageSize nativeSize() {
        final int side = sampleSize == 0 ? UNSTATED_SIDE : sampleSize * factor();
        return new ImageSize(side, side);
    }

    /**
     * @return the guidance scale that edits and new images usually take: of latent models that of diffusers' pipelines, 7.5
     *         for Stable Diffusion and 5 for XL; 3 for pixel models that hear texts; 1 where nothing can be guided
     */
    public double usualGuidance() {
        return autoencoder.isPresent()
                ? conditioner.usualGuidance()
                : Math.min(USUAL_OF_PIXELS, conditioner.usualGuidance());
    }

    /** @return whether prompts are sentences, which a text encoder reads */
    public boolean hearsText() {
        return conditioner.hearsText();
    }

    /**
     * @param prompt any text; may be empty
     * @return the token ids of its first part, which is all of most prompts, and how many
     *         are left for further parts, for each text encoder
     */
    public List<TokenIds> tokenize(final String prompt) {
        return conditioner.tokenize(prompt);
    }

    /**
     * @param prompt any text; may be empty
     * @return its words, their tokens, and where these stand among the states the network hears, for each text encoder;
     *         none if there is no text encoder
     */
    public List<PromptTokens> words(final String prompt) {
        return conditioner.words(prompt);
    }

    /**
     * @param guidanceScale weight of classifier-free guidance
     * @throws IllegalArgumentException if it is not 1 and there is nothing to guide the
     *           model
     */
    public void requireGuidance(final double guidanceScale) {
        conditioner.requireGuidance(guidanceScale);
    }

    /**
     * What the network is told when an image should show something. A text longer than
     * the text encoder reads is encoded part by part, and the states of the parts follow
     * each other.
     *
     * @param prompt a sentence, or for a model of classes the number or name of one, or
     *          nothing
     * @param size of the image
     * @param owner owner of the result, on this model's device
     * @return for {@link #network()}, for one image; the same bits every time
     * @throws IllegalArgumentException if the model does not understand the prompt
     */
    public Conditioning towards(final String prompt, final ImageSize size, final NDManager owner) {
        return conditioner.towards(prompt, size, owner);
    }

    /**
     * What the network is told when guidance should lead away from something.
     *
     * @param negativePrompt as above
     * @return as above
     */
    public Conditioning awayFrom(final String negativePrompt, final ImageSize size, final NDManager owner) {
        return conditioner.awayFrom(negativePrompt, size, owner);
    }

    /** Frees the networks and all their memory. */
    @Override
    public void close() {
        resources.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
