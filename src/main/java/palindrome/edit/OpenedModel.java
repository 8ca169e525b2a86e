package palindrome.edit;

import java.io.IOException;
import java.util.List;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Placement;
import palindrome.model.DiffusionModel;
import palindrome.model.ModelCatalog;
import palindrome.model.TilePlan;
import palindrome.model.hub.InstalledModels;
import palindrome.model.hub.ModelPlace;

/**
 * A model on a device, for any number of operations. Owns native memory until
 * it is closed.
 */
public final class OpenedModel implements AutoCloseable {

    private final String choice;
    private final RunConfiguration configuration;
    private final List<String> notices;
    private final DiffusionModel model;

    private OpenedModel(
            final String choice,
            final RunConfiguration configuration,
            final List<String> notices,
            final DiffusionModel model) {
        this.choice = choice;
        this.configuration = configuration;
        this.notices = List.copyOf(notices);
        this.model = model;
    }

    /**
     * A model in float32.
     *
     * @param model {@code bundled}, the folder of a diffusers checkpoint, or
     *          {@code owner/name[@revision]} of one in the Hugging Face cache; nothing is
     *          downloaded
     * @param device {@code auto}, {@code cpu}, {@code gpu}, {@code gpu:1} or {@code mps}
     * @param progress told that the model is being loaded
     * @return the model, ready to run
     * @throws IOException if there is no such model, or it cannot be used
     * @throws IllegalArgumentException if there is no such device
     */
    public static OpenedModel open(final String model, final String device, final Progress progress)
            throws IOException {
        return open(model, RunConfiguration.of(DeviceChoice.of(device)), progress);
    }

    /** As above, in a configuration of one's own. NB: half precision on a CPU takes twice to over a hundred times as long. */
    public static OpenedModel open(final String model, final RunConfiguration configuration, final Progress progress)
            throws IOException {
        return open(model, configuration, List.of(), progress);
    }

    /** As above, with what led to the configuration, for the warnings of every record. */
    static OpenedModel open(
            final String model,
            final RunConfiguration configuration,
            final List<String> notices,
            final Progress progress)
            throws IOException {
        progress.stage("Loading the model");
        final ModelPlace place = InstalledModels.ofProcess().locate(model);
        return new OpenedModel(
                place.choice(),
                configuration,
                notices,
                ModelCatalog.open(
                        place.path(), new Placement(configuration.device().device(), configuration.precision())));
    }

    /** @return the words that open this model again, in any program on this computer */
    public String choice() {
        return choice;
    }

    /** @return SHA-256 of the weights, 64 hexadecimal digits */
    public String sha256() throws IOException {
        return model.sha256();
    }

    /** @return channels an image must have: 3 for RGB */
    public int imageChannels() {
        return model.imageChannels();
    }

    /** @return what the sides of a padded image are multiples of */
    public int sizeMultiple() {
        return model.sizeMultiple();
    }

    /** @return the device and why it was taken */
    public DeviceChoice device() {
        return configuration.device();
    }

    /** @return how the networks compute */
    public RunConfiguration configuration() {
        return configuration;
    }

    /** @return what there is to say about how this configuration came about; usually nothing */
    public List<String> notices() {
        return notices;
    }

    /** @return whether the model works on latents, which an autoencoder makes of images */
    public boolean hasAutoencoder() {
        return model.autoencoder().isPresent();
    }

    /**
     * @param rows of a state
     * @param columns of a state
     * @return in which windows the networks see such a state in this configuration
     */
    TilePlan tilePlan(final int rows, final int columns) {
        return model.tilePlan(
                rows,
                columns,
                configuration.autoencoder() == AutoencoderTiling.TILED
                        ? TilePlan.LITTLE_MEMORY
                        : TilePlan.USUAL_MEMORY);
    }

    /** @return what has to be the same for the network to give the same bits */
    public ComputeRuntime runtime() {
        return ComputeRuntime.of(configuration);
    }

    /** @return the networks and noise levels, which this object closes */
    public DiffusionModel model() {
        return model;
    }

    @Override
    public void close() {
        model.close();
    }
}
