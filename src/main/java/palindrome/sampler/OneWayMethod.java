package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/** A sampling method without an exact inverse: how it steps from node to node. */
public interface OneWayMethod {

    /** @return the method's name in the literature, such as "DPM-Solver++ 2M" */
    String name();

    /** @return steps a grid needs at least */
    int minimumSteps();

    /** @return nodes the steps go between, rising, 0 and N among them */
    int[] nodes(NodeGrid grid);

    /** @return network evaluations from noise to image, counting those of guidance as one */
    int evaluations(NodeGrid grid);

    /** @return the method's own parameters as used on that grid, by name: for the provenance */
    Map<String, Double> parameters(NodeGrid grid);

    /** @return whether steps draw fresh noise, so that there is no way back */
    boolean isStochastic();

    /**
     * @param grid the nodes
     * @param network asked for the noise, as float64
     * @param memory owner of what the walk remembers from step to step
     * @return the steps of one walk
     */
    Walk begin(NodeGrid grid, Predictor network, NDManager memory);

    /** The steps of one walk, which may remember the ones before. */
    @FunctionalInterface
    interface Walk {

        /**
         * @param state x at {@code from}, float64, neither changed nor closed
         * @param from node of the state
         * @param to the neighbour to go to: cleaner to sample, noisier to invert approximately
         * @return x at {@code to}, a new array in the manager of {@code state}, which is freed after the step
         */
        NDArray step(NDArray state, int from, int to);
    }

    /** @return sentences for the user about what will not work well on that grid; usually none */
    default List<String> warnings(final NodeGrid grid) {
        return List.of();
    }
}
