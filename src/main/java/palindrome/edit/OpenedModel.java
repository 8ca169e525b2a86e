package palindrome.edit;

import java.io.IOException;
import palindrome.engine.DeviceChoice;
import palindrome.engine.TorchEngine;
import palindrome.model.DiffusionModel;
import palindrome.model.ModelCatalog;
import palindrome.model.hub.InstalledModels;
import palindrome.model.hub.ModelPlace;

/**
 * A model on a device, for any number of operations. Owns native memory until
 * it is closed.
 */
public final class OpenedModel implements AutoCloseable {

    private final String choice;
    private final DeviceChoice device;
    private final DiffusionModel model;

    private OpenedModel(final String choice, final DeviceChoice device, final DiffusionModel model) {
        this.choice = choice;
        this.device = device;
        this.model = model;
    }

    /**
     * @param model {@code bundled}, the folder of a diffusers checkpoint, or
     *          {@code owner/name[@revision]} of one in the Hugging Face cache; nothing is
     *          downloaded
     * @param device {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:1}
     * @param progress told that the model is being loaded
     * @return the model, ready to run
     * @throws IOException if there is no such model, or it cannot be used
     * @throws IllegalArgumentException if there is no such device
     */
    public static OpenedModel open(final String model, final String device, final Progress progress)
            throws IOException {
        progress.stage("Loading the model");
        final DeviceChoice choice = DeviceChoice.of(device);
        final ModelPlace place = InstalledModels.ofProcess().locate(model);
        return new OpenedModel(place.choice(), choice, ModelCatalog.open(place.path(), choice.device()));
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
        return device;
    }

    /**
     * @return what has to be the same for the network to give the same bits: device,
     *         libtorch, number of threads, processor
     */
    public String runtime() {
        final TorchEngine engine = TorchEngine.start();
        return device.device() + ", float32 network, PyTorch " + engine.version() + ", " + engine.threads()
                + " threads, " + System.getProperty("os.name") + " " + System.getProperty("os.arch");
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
