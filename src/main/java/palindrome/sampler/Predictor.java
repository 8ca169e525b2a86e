package palindrome.sampler;

import ai.djl.ndarray.NDArray;

/**
 * What a sampler knows of a network: the noise in a state. Guidance, prompts,
 * precision and the meaning of the network's output are behind it.
 * <p>
 * Inversion is exact only if the same state at the same node always gives the
 * same bits. Gate anything that depends on progress by the node, not by a
 * counter.
 */
@FunctionalInterface
public interface Predictor {

    /**
     * @param state float64 [B, C, H, W]; owned by the caller, not to be closed or
     *          changed
     * @param node node of the {@link NodeGrid} at which the network is asked, from 1
     *          to N
     * @return ε, same shape, float64, a new array; the caller attaches and closes
     *         it. Whatever else stays attached to the state's manager is freed with
     *         it.
     */
    NDArray epsilon(NDArray state, int node);

    /**
     * The clean image x₀ that the network sees in a state. Asked only at a node without signal (α = 0, zero terminal
     * signal-to-noise), where it does not follow from ε.
     *
     * @param state as for {@link #epsilon}
     * @param node as for {@link #epsilon}
     * @return x₀, same shape, float64, a new array
     * @throws SamplingException if the network predicts noise, which says nothing about the image there
     */
    default NDArray clean(NDArray state, int node) {
        throw SamplingException.noSignal();
    }
}
