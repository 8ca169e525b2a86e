package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Where fresh noise comes from. */
@FunctionalInterface
public interface NoiseSource {

    /**
     * @param manager owner of the result
     * @param shape usually [B, C, H, W]
     * @return standard normal numbers, float64
     */
    NDArray draw(NDManager manager, long... shape);
}
