package palindrome.train;

import ai.djl.ndarray.NDArray;

/** Whatever answers a batch as a network would. */
@FunctionalInterface
interface Denoiser {

    /**
     * @param batch noisy states at their noise levels, with captions
     * @return what the recipe's network should return for them, same shape
     */
    NDArray predict(Batch batch);
}
