package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import palindrome.engine.Tensors;

/**
 * Plain float64 states: the textbook form, against which the lattice is checked.
 * A round trip is exact to rounding, which a method may amplify.
 */
public final class FloatingPoint implements Arithmetic {

    @Override
    public String name() {
        return "float64";
    }

    @Override
    public ScaleTable scales(final CouplingProgram program, final End anchor) {
        return ScaleTable.ones(program);
    }

    @Override
    public NDArray store(final NDArray values, final double scale) {
        return finite(Tensors.cast(values, DataType.FLOAT64).duplicate());
    }

    @Override
    public NDArray value(final NDArray state, final double scale) {
        return state.duplicate();
    }

    @Override
    public NDArray forward(final NDArray state, final double factor, final NDArray increment, final double scale) {
        return finite(state.mul(factor).add(increment));
    }

    @Override
    public NDArray inverse(final NDArray state, final double factor, final NDArray increment, final double scale) {
        return finite(state.sub(increment).div(factor));
    }

    private static NDArray finite(final NDArray state) {
        if (!Double.isFinite(state.abs().max().getDouble())) throw new StateRangeException(false);
        return state;
    }
}
