package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import palindrome.engine.Tensors;

/**
 * All that is trained, by network and name.
 *
 * @param unet parameters of the denoiser, under diffusers' names
 * @param text parameters of the text encoder, under transformers' names
 */
record TrainedParameters(Map<String, TrainedParameter> unet, Map<String, TrainedParameter> text) {

    /**
     * Starts from given weights, with the average at the same place. The text encoder stays as it is: trained along, it
     * soon says the modality with every word, and the other words, which matter far less to the error, drown in it.
     */
    static TrainedParameters startingAt(final Map<String, NDArray> unet, final Map<String, NDArray> text) {
        unet.values().forEach(weight -> weight.setRequiresGradient(true));
        return new TrainedParameters(withMoments(unet), withMoments(text));
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

    List<TrainedParameter> all() {
        final List<TrainedParameter> all = new ArrayList<>(unet.values());
        all.addAll(text.values());
        return all;
    }

    long count() {
        return all().stream().mapToLong(p -> p.weight().size()).sum();
    }
}
