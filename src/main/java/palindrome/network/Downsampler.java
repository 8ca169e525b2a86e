package palindrome.network;

import ai.djl.ndarray.NDArray;

/** From one resolution level to the next coarser one. */
@FunctionalInterface
interface Downsampler {

    /**
     * @param hidden [B, C, H, W]; stays the caller's
     * @param temb time embedding [B, width]
     * @return half the height and width
     */
    NDArray forward(NDArray hidden, NDArray temb);
}
