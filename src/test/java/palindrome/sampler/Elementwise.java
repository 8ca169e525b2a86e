package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import palindrome.engine.Tensors;

/** A predictor given by a formula of one number and its node; keeps what it was shown. */
final class Elementwise implements Predictor {

    /** ε of a state's element. */
    @FunctionalInterface
    interface Formula {
        double epsilon(double x, int node);
    }

    private final Formula first;
    private final Formula formula;
    private final List<double[]> inputs = new ArrayList<>();
    private final List<Integer> nodes = new ArrayList<>();

    Elementwise(final Formula formula) {
        this(formula, formula);
    }

    private Elementwise(final Formula first, final Formula formula) {
        this.first = first;
        this.formula = formula;
    }

    /** The same, but with another formula for the first evaluation of a run. */
    static Elementwise startingWith(final Formula first, final Formula formula) {
        return new Elementwise(first, formula);
    }

    List<double[]> inputs() {
        return inputs;
    }

    List<Integer> nodes() {
        return nodes;
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        final NDManager manager = state.getManager();
        final double[] x = state.toDoubleArray();
        final Formula now = inputs.isEmpty() ? first : formula;
        inputs.add(x);
        nodes.add(node);
        final double[] epsilon = new double[x.length];
        for (int i = 0; i < x.length; i++) epsilon[i] = now.epsilon(x[i], node);
        return Tensors.of(manager, epsilon, state.getShape().getShape());
    }
}
