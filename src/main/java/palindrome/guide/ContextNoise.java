package palindrome.guide;

import ai.djl.ndarray.NDArray;
import palindrome.network.Conditioning;
import palindrome.sampler.PredictionType;

/** The noise that a network sees in a state under one conditioning: what guidance combines. */
@FunctionalInterface
public interface ContextNoise {

    /**
     * The same inputs give the same bits. Gradients flow to text states that
     * require one.
     *
     * @param state float64 [B, C, H, W]; neither changed nor closed
     * @param node node of the grid, from 1 to N
     * @param conditioning of the kind the network takes, for B images
     * @return ε, same shape as the state, float64, owned by the state's manager, to
     *         which nothing else is added
     */
    NDArray epsilon(NDArray state, int node, Conditioning conditioning);

    /**
     * The clean image seen in pure noise, where it does not follow from ε (zero terminal signal-to-noise).
     *
     * @param state as for {@link #epsilon}
     * @param node a node without signal
     * @param conditioning as for {@link #epsilon}
     * @return x₀, as for {@link #epsilon}
     * @throws palindrome.sampler.SamplingException if the network predicts noise, which says nothing there
     */
    default NDArray clean(final NDArray state, final int node, final Conditioning conditioning) {
        return PredictionType.EPSILON.cleanFromNoise(state);
    }
}
