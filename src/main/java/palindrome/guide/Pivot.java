package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import palindrome.engine.Tensors;
import palindrome.sampler.Predictor;

/**
 * The states that a DDIM inversion passes, cleanest first, in host memory: it
 * stands in for the predictor and writes down what that is shown.
 */
final class Pivot implements Predictor {

    private final Predictor predictor;
    private final List<double[]> states = new ArrayList<>();

    /** @param predictor what is asked for the noise */
    Pivot(final Predictor predictor) {
        this.predictor = predictor;
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        states.add(state.toDoubleArray());
        return predictor.epsilon(state, node);
    }

    /**
     * @param node one that the inversion stepped from, 0 to N − 1
     * @param manager owner of the result
     * @return the state there, float64
     */
    NDArray state(final int node, final NDManager manager, final long... shape) {
        return Tensors.of(manager, states.get(node), shape);
    }
}
