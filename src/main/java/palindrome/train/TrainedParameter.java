package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import palindrome.engine.Tensors;

/**
 * A parameter with all that training keeps of it.
 *
 * @param weight what is trained; requires a gradient
 * @param firstMoment Adam's mean of the gradient
 * @param secondMoment Adam's mean of its square
 * @param average moving average of the weight, which is what is shipped
 */
record TrainedParameter(NDArray weight, NDArray firstMoment, NDArray secondMoment, NDArray average) {

    /** Starts from given weights, with the averages at the same place. */
    static Map<String, TrainedParameter> startingAt(final Map<String, NDArray> weights) {
        final Map<String, TrainedParameter> parameters = new LinkedHashMap<>();
        weights.forEach((name, weight) -> parameters.put(name, startingAt(weight)));
        return parameters;
    }

    private static TrainedParameter startingAt(final NDArray weight) {
        final NDManager manager = weight.getManager();
        final long[] shape = weight.getShape().getShape();
        final NDArray average = weight.duplicate();
        weight.setRequiresGradient(true);
        return new TrainedParameter(
                weight,
                Tensors.zeros(manager, DataType.FLOAT32, shape),
                Tensors.zeros(manager, DataType.FLOAT32, shape),
                average);
    }

    /** @return one array of each parameter, by name */
    static Map<String, NDArray> arrays(
            final Map<String, TrainedParameter> parameters, final Function<TrainedParameter, NDArray> part) {
        final Map<String, NDArray> arrays = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> arrays.put(name, part.apply(parameter)));
        return arrays;
    }
}
