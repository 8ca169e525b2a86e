package palindrome.sampler;

import ai.djl.ndarray.NDArray;

/** What images that are sampled side by side take over from each other after every step. */
@FunctionalInterface
public interface StateExchange {

    /** Each goes its own way. */
    StateExchange NONE = states -> states;

    /**
     * @param states as a step left them, one image after the other along the batch, in float64 or as an
     *          {@link Arithmetic} stores them; neither changed nor closed
     * @return the states to go on from, of the same shape and type: those given, or a new array in their manager, to which
     *         nothing else is added
     */
    NDArray exchanged(NDArray states);
}
