package palindrome.guide;

import ai.djl.ndarray.NDArray;

/** The noise that a network sees in a state under one context: what guidance combines. */
@FunctionalInterface
public interface ContextNoise {

    /**
     * The same inputs give the same bits. Gradients flow to a context that requires
     * one.
     *
     * @param state float64 [B, C, H, W]; neither changed nor closed
     * @param node node of the grid, from 1 to N
     * @param context text states [B, L, D], float32
     * @return ε, same shape as the state, float64, owned by the state's manager, to
     *         which nothing else is added
     */
    NDArray epsilon(NDArray state, int node, NDArray context);
}
