package palindrome.guide;

import ai.djl.ndarray.NDArray;

/** How probable what one wants is, given a noisy state: what a classifier says. */
@FunctionalInterface
public interface LogProbability {

    /**
     * @param state float64 [B, C, H, W], to which autograd has to find back; owned by
     *          the caller
     * @param node node of the {@link palindrome.sampler.NodeGrid} it stands at, from 1 to N
     * @return log p(y|x), summed over the batch: one number. It and all else that stays
     *         on the state's manager is freed with it
     */
    NDArray of(NDArray state, int node);
}
