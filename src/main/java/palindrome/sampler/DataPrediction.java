package palindrome.sampler;

import ai.djl.ndarray.NDArray;

/** The clean image a network sees in a state, x̂₀ = (x − σε)/α. */
final class DataPrediction {

    private DataPrediction() {}

    /**
     * @param state x at a node from 1 to N, float64
     * @return x̂₀, a new array in the manager of {@code state}, which also owns what it takes to get there
     */
    static NDArray of(final NDArray state, final int node, final NodeGrid grid, final Predictor network) {
        if (grid.alpha(node) == 0) return owned(network.clean(state, node), state);
        final NDArray epsilon = owned(network.epsilon(state, node), state);
        return OneStepSolver.combined(state, 1 / grid.alpha(node), epsilon, -grid.sigma(node) / grid.alpha(node));
    }

    private static NDArray owned(final NDArray predicted, final NDArray state) {
        predicted.attach(state.getManager());
        return predicted;
    }
}
