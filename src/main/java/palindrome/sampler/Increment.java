package palindrome.sampler;

import ai.djl.ndarray.NDArray;

/**
 * What a coupling adds to one state: f(v), computed from the other state alone, so that it can be computed again and
 * taken away.
 */
public interface Increment {

    /** @return network evaluations it takes */
    int evaluations();

    /** @return node at which the network is first asked, or {@link Coupling#MIXING} */
    int node();

    /**
     * @param state v, float64, neither changed nor closed
     * @param network asked for ε, as float64
     * @return f(v), float64, a new array in the manager of {@code state}
     */
    NDArray of(NDArray state, Predictor network);
}
