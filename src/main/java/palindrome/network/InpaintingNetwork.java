package palindrome.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import palindrome.engine.Kernel;

/**
 * A network that takes beside the noisy sample a mask and the image outside of it,
 * both as channels: [sample C, mask 1, masked image C] (Stable Diffusion's
 * inpainting models). This gives it the two, so that it takes the sample alone.
 */
public final class InpaintingNetwork implements NoiseNetwork {

    private final NoiseNetwork network;

    private InpaintingNetwork(final NoiseNetwork network) {
        this.network = network;
    }

    /**
     * The mask covers everything, and nothing is left of the image, which is zero:
     * the network makes whole images. That is how diffusers makes them with such
     * networks.
     *
     * @param network takes 2C + 1 channels; stays its owner's
     */
    public static InpaintingNetwork paintingAll(final NoiseNetwork network) {
        return new InpaintingNetwork(network);
    }

    @Override
    public NDArray forward(final NDArray sample, final NDArray timesteps, final Conditioning conditioning) {
        try (NDArray masked = Kernels.INPUT.call("all_masked", sample)) {
            return network.forward(masked, timesteps, conditioning);
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

        static final Kernel INPUT = Kernel.load(InpaintingNetwork.class, "inpainting.py", Map.of());
    }
}
