package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** States that a walk is known to have at every node: those of the image where it is not to change. */
@FunctionalInterface
public interface KnownStates {

    /**
     * @param node from 0 to N
     * @param grid the nodes
     * @param scope owner of what is made for the answer
     * @return x at the node, float64, neither to be changed nor to be closed
     */
    NDArray at(int node, NodeGrid grid, NDManager scope);
}
