package palindrome.network;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * What predicts noise, velocity or the clean image from a noisy sample, its
 * timestep and what it is told besides: a {@link UNet}, or one with something
 * around it.
 */
public interface NoiseNetwork {

    /**
     * @param sample [B, C, H, W], of the weights' element type
     * @param timesteps [B], float32
     * @param conditioning of the kind the network takes, for B samples
     * @return [B, out_channels, H, W], owned by the manager of {@code sample};
     *         nothing else stays allocated
     * @throws IllegalArgumentException if shapes or conditioning do not fit
     */
    NDArray forward(NDArray sample, NDArray timesteps, Conditioning conditioning);

    /** @return where its weights are, and its inputs have to be */
    Device device();

    /** @return the type its weights have, and its samples and text states have to have */
    DataType elementType();
}
