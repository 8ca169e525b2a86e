package palindrome.sampler;

import ai.djl.ndarray.NDArray;

/** Told after every drag of a run; the place to show what has come of it so far. */
@FunctionalInterface
public interface DragListener {

    /** Listens to nothing. */
    DragListener NONE = (done, image) -> {};

    /**
     * @param done drags made so far, from 1 up
     * @param image the image as it is now, float64 [1, C, H, W]; closed afterwards
     */
    void dragged(int done, NDArray image);
}
