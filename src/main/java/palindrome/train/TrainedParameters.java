package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import palindrome.engine.Tensors;

/**
 * The parameters of a run, by network and name.
 *
 * @param unet parameters of the denoiser, under diffusers' names
 * @param text weights of the text encoder, under transformers' names, which are not trained
 */
record TrainedParameters(Map<String, TrainedParameter> unet, Map<String, NDArray> text) {

    /**
     * Starts from given weights, with the average at the same place. The text encoder stays as it is: trained along, it
     * soon says the modality with every word, and the other words, which matter far less to the error, drown in it.
     */
    static TrainedParameters startingAt(final Map<String, NDArray> unet, final Map<String, NDArray> text) {
        unet.values().forEach(weight -> weight.setRequiresGradient(true));
        return new TrainedParameters(withMoments(unet), text);
    }

    private static Map<String, TrainedParameter> withMoments(final Map<String, NDArray> weights) {
        final Map<String, TrainedParameter> parameters = new LinkedHashMap<>();
        weights.forEach((name, weight) -> {
            final NDManager manager = weight.getManager();
            final long[] shape = weight.getShape().getShape();
            final NDArray average = weight.duplicate();
            parameters.put(
                    name,
                    new TrainedParameter(
                            weight,
                            Tensors.zeros(manager, DataType.FLOAT32, shape),
                            Tensors.zeros(manager, DataType.FLOAT32, shape),
                            average));
        });
        return parameters;
    }

    /** @return one array of each of the denoiser's parameters, by name */
    Map<String, NDArray> unet(final Function<TrainedParameter, NDArray> part) {
        final Map<String, NDArray> arrays = new LinkedHashMap<>();
        unet.forEach((name, parameter) -> arrays.put(name, part.apply(parameter)));
        return arrays;
    }

    long count() {
        return Stream.concat(unet(TrainedParameter::weight).values().stream(), text.values().stream())
                .mapToLong(NDArray::size)
                .sum();
    }
}
