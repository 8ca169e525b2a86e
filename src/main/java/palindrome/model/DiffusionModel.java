package palindrome.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Optional;
import palindrome.engine.Placement;
import palindrome.network.Autoencoder;
import palindrome.network.CaptionClassifier;
import palindrome.network.TiledAutoencoder;
import palindrome.network.UNet2DConditionModel;

/**
 * A text-conditional diffusion model, ready to run on one device: the denoising
 * network, the text encoder with its tokenizer, what the checkpoint says about its
 * noise levels, and the autoencoder if it works on latents instead of pixels.
 * <p>
 * It owns native memory until it is closed. Reading is safe from several
 * threads.
 */
public final class DiffusionModel implements AutoCloseable {

    private final OwnedResources resources;
    private final NDManager manager;
    private final String name;
    private final WeightsHash hash;
    private final ModelCard card;
    private final SchedulerConfig scheduler;
    private final PixelUnshuffle pixelUnshuffle;
    private final UNet2DConditionModel unet;
    private final ClipTokenizer tokenizer;
    private final TextEncodings encodings;
    private final Optional<CaptionClassifier> classifier;
    private final Optional<Autoencoder> autoencoder;

    DiffusionModel(final ModelLoader loader) {
        resources = loader.resources();
        manager = loader.manager();
        name = loader.name();
        hash = loader.hash();
        card = loader.card();
        scheduler = loader.scheduler();
        pixelUnshuffle = loader.pixelUnshuffle();
        unet = loader.unet();
        tokenizer = loader.tokenizer();
        encodings = new TextEncodings(tokenizer, loader.textEncoder(), manager);
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
     * @return SHA-256 of the weight files, UNet first, then text encoder, then
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

    /** @return the denoising network */
    public UNet2DConditionModel unet() {
        return unet;
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
                .<ImageSpace>map(whole -> new LatentSpace(new TiledAutoencoder(whole, plan.autoencoder()), beforeBlock))
                .orElse(pixelUnshuffle);
    }

    /**
     * @param rows of the state
     * @param columns of the state
     * @return the windows in which the networks see such a state; always the same for a
     *         size
     */
    public TilePlan tilePlan(final int rows, final int columns) {
        return autoencoder
                .map(whole -> TilePlanner.plan(whole, unet.config().sampleSize(), rows, columns))
                .orElseGet(() -> TilePlan.whole(rows, columns));
    }

    /** @return channels of the network's state */
    public int stateChannels() {
        return unet.config().inChannels();
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
        return autoencoder.isPresent()
                ? factor()
                : pixelUnshuffle.factor() << (unet.config().levels() - 1);
    }

    /**
     * @param prompt any text; may be empty
     * @return its token ids, and how many did not fit
     */
    public TokenIds tokenize(final String prompt) {
        return tokenizer.encode(prompt);
    }

    /**
     * @param prompt any text; may be empty
     * @param owner owner of the result, on this model's device
     * @return text states [1, L, D], float32, for
     *         {@link UNet2DConditionModel#forward}; the same bits every time
     */
    public NDArray encode(final String prompt, final NDManager owner) {
        return encodings.encode(prompt, owner);
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
