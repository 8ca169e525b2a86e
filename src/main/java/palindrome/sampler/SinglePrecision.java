package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import palindrome.engine.Tensors;

/** Float32 states, as in the published implementations: here to show that they do not return. */
final class SinglePrecision implements Arithmetic {

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
        return Tensors.cast(values, DataType.FLOAT32);
    }

    @Override
    public NDArray value(final NDArray state, final double scale) {
        return Tensors.cast(state, DataType.FLOAT64);
    }

    @Override
    public NDArray forward(final NDArray state, final double factor, final NDArray increment, final double scale) {
        return state.mul((float) factor).add(Tensors.cast(increment, DataType.FLOAT32));
    }

    @Override
    public NDArray inverse(final NDArray state, final double factor, final NDArray increment, final double scale) {
        return state.sub(Tensors.cast(increment, DataType.FLOAT32)).div((float) factor);
    }
}
