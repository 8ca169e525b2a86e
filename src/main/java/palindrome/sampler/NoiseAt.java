package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import palindrome.engine.Tensors;

/** Asks the predictor, counts, and tells the listener. */
final class NoiseAt implements Predictor {

    private final Predictor predictor;
    private final StepListener listener;
    private final NodeGrid grid;
    private int lastNode = Coupling.MIXING;
    private int done;
    private int total;

    NoiseAt(final Predictor predictor, final StepListener listener, final NodeGrid grid) {
        this.predictor = predictor;
        this.listener = listener;
        this.grid = grid;
    }

    /** @param evaluations how many will be made */
    void expect(final int evaluations) {
        total = evaluations;
    }

    /**
     * @return ε, float64
     * @throws IllegalStateException if the predictor returns another shape
     */
    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        if (done == 0) listener.evaluated(0, total);
        lastNode = node;
        return counted(predictor.epsilon(state, node), state);
    }

    @Override
    public NDArray clean(final NDArray state, final int node) {
        if (done == 0) listener.evaluated(0, total);
        lastNode = node;
        return counted(predictor.clean(state, node), state);
    }

    private NDArray counted(final NDArray predicted, final NDArray state) {
        if (!predicted.getShape().equals(state.getShape()))
            throw new IllegalStateException("The predictor returned shape " + predicted.getShape() + " for a state of "
                    + state.getShape() + ".");
        done++;
        listener.evaluated(done, total);
        return Tensors.cast(predicted, DataType.FLOAT64);
    }

    /** @return node at which the network was asked last */
    int lastNode() {
        return lastNode;
    }

    SamplingException notFinite(final String where, final int node, final Throwable cause) {
        final String label =
                node == Coupling.MIXING ? "" : " (node " + node + ", timestep " + grid.timestep(node) + ")";
        return new SamplingException(
                "The network returned numbers that are not finite at " + where + label
                        + ". Try a smaller guidance; if it stays, the model's weights are damaged.",
                cause);
    }
}
