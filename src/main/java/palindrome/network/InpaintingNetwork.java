package palindrome.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import java.util.function.UnaryOperator;
import palindrome.engine.Kernel;

/**
 * A network that takes beside the noisy sample a mask and the image outside of it,
 * both as channels: [sample C, mask 1, masked image C] (Stable Diffusion's
 * inpainting models). This gives it the two, so that it takes the sample alone.
 */
public final class InpaintingNetwork implements NoiseNetwork {

    private final NoiseNetwork network;
    private final UnaryOperator<NDArray> blank;

    /**
     * The mask covers everything, and nothing is left of the image: the network makes
     * whole images. That is how diffusers makes them with such networks.
     *
     * @param network takes 2C + 1 channels; stays its owner's
     * @param blank from a sample to what is left of an image of its size, of its type and
     *          owned by its manager or a child of that: zeros for pixels, the latent of
     *          grey for latents
     */
    public InpaintingNetwork(final NoiseNetwork network, final UnaryOperator<NDArray> blank) {
        this.network = network;
        this.blank = blank;
    }

    @Override
    public NDArray forward(final NDArray sample, final NDArray timesteps, final Conditioning conditioning) {
        try (NDArray image = blank.apply(sample);
                NDArray masked = Kernels.INPUT.call("all_masked", sample, image)) {
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
