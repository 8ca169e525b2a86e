package palindrome.network;

import ai.djl.ndarray.NDArray;

/** A timestep as a vector. */
@FunctionalInterface
interface TimeProjection {

    /**
     * @param sample gives the element type and the owner of the result
     * @param timesteps [B], float32
     * @return [B, C]
     */
    NDArray forward(NDArray sample, NDArray timesteps);
}
