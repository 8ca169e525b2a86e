package palindrome.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import palindrome.engine.Kernel;

/**
 * An inpainting network at its own work: it takes beside the noisy sample the mask of what it may paint and the image
 * outside of it, [sample C, mask 1, masked image C], which are the same at every step. A sample larger than it was trained
 * on it sees in windows, with those of mask and image.
 */
public final class MaskedImageNetwork implements NoiseNetwork {

    private final NoiseNetwork network;
    private final NDArray mask;
    private final NDArray image;
    private final WindowedMap windows;

    /**
     * @param network takes 2C + 1 channels; stays its owner's, as the arrays do
     * @param mask [1, 1, H, W], 1 where the network may paint and 0 elsewhere, of the network's type and device
     * @param image [1, C, H, W], what is left of the image where the network may not paint, in the space of the samples
     * @param windows in which the network sees samples
     */
    public MaskedImageNetwork(
            final NoiseNetwork network, final NDArray mask, final NDArray image, final Windows windows) {
        this.network = network;
        this.mask = mask;
        this.image = image;
        this.windows = new WindowedMap(windows, 1, 1);
    }

    @Override
    public NDArray forward(final NDArray sample, final NDArray timesteps, final Conditioning conditioning) {
        try (NDArray masked = Kernels.INPUT.call("masked", sample, mask, image)) {
            final NDArray output = windows.apply(masked, window -> network.forward(window, timesteps, conditioning));
            output.attach(sample.getManager());
            return output;
        }
    }

    @Override
    public Device device() {
        return network.device();
    }

    @Override
    public DataType elementType() {
        return network.elementType();
    }

    /** Compiled when first used; one for all networks. */
    private static final class Kernels {

        static final Kernel INPUT = Kernel.load(MaskedImageNetwork.class, "inpainting.py", Map.of());
    }
}
