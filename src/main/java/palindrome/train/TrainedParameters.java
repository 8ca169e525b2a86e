package palindrome.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The parameters that a run keeps.
 *
 * @param network name of the network that is trained, such as {@code unet}
 * @param trained its parameters, under diffusers' names
 * @param frozen weights of the text encoder, under transformers' names, if they were drawn for this run; they are not
 *          trained: trained along, the text encoder soon says the modality with every word, and the other words, which
 *          matter far less to the error, drown in it
 */
record TrainedParameters(String network, Map<String, TrainedParameter> trained, Map<String, NDArray> frozen) {

    /** @return one array of each trained parameter, by name */
    Map<String, NDArray> trained(final Function<TrainedParameter, NDArray> part) {
        return TrainedParameter.arrays(trained, part);
    }

    long count() {
        return Stream.concat(trained(TrainedParameter::weight).values().stream(), frozen.values().stream())
                .mapToLong(NDArray::size)
                .sum();
    }
}
