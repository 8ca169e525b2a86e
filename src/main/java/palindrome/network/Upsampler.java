package palindrome.network;

import ai.djl.ndarray.NDArray;

/** From one resolution level to the next finer one. */
@FunctionalInterface
interface Upsampler {

    /**
     * @param hidden [B, C, h, w]; stays the caller's
     * @param temb time embedding [B, width]
     * @param like an array [B, ?, H, W] of the size wanted; H need not be 2h
     * @return [B, C, H, W]
     */
    NDArray forward(NDArray hidden, NDArray temb, NDArray like);
}
