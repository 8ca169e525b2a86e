package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import palindrome.engine.Tensors;

/**
 * Float32 states, as in most published implementations: to show what they lose. A round trip is exact to rounding,
 * which is 2²⁹ times that of float64, and which a method may amplify.
 */
public final class SinglePrecision implements Arithmetic {

    @Override
    public String name() {
        return "float32";
    }

    @Override
    public ScaleTable scales(final CouplingProgram program, final End anchor) {
        return ScaleTable.ones(program);
    }

    @Override
    public NDArray store(final NDArray values, final double scale) {
        return finite(Tensors.cast(values, DataType.FLOAT32).duplicate());
    }

    @Override
    public NDArray value(final NDArray state, final double scale) {
        return Tensors.cast(state, DataType.FLOAT64);
    }

    @Override
    public NDArray forward(final NDArray state, final double factor, final NDArray increment, final double scale) {
        return finite(state.mul((float) factor).add(Tensors.cast(increment, DataType.FLOAT32)));
    }

    @Override
    public NDArray inverse(final NDArray state, final double factor, final NDArray increment, final double scale) {
        return finite(state.sub(Tensors.cast(increment, DataType.FLOAT32)).div((float) factor));
    }

    private static NDArray finite(final NDArray state) {
        if (!Float.isFinite(state.abs().max().getFloat())) throw new StateRangeException(false);
        return state;
    }
}
