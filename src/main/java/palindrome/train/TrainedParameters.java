package palindrome.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

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
        return new TrainedParameters(TrainedParameter.startingAt(unet), text);
    }

    /** @return one array of each of the denoiser's parameters, by name */
    Map<String, NDArray> unet(final Function<TrainedParameter, NDArray> part) {
        return TrainedParameter.arrays(unet, part);
    }

    long count() {
        return Stream.concat(unet(TrainedParameter::weight).values().stream(), text.values().stream())
                .mapToLong(NDArray::size)
                .sum();
    }
}
