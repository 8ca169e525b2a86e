package palindrome.model;

import ai.djl.ndarray.NDArray;

/** Between the pixels of an image and the state that a model's network works on. */
public interface ImageSpace {

    /**
     * @param pixels float64 [B, C, H, W], about [−1, 1], H and W multiples of {@link DiffusionModel#factor()}
     * @return float64 state, owned by the same manager
     * @throws IllegalArgumentException if the shape does not fit
     */
    NDArray toState(NDArray pixels);

    /**
     * @param state float64
     * @return float64 pixels [B, C, H, W], owned by the same manager
     * @throws IllegalArgumentException if the shape does not fit
     */
    NDArray toPixels(NDArray state);
}
