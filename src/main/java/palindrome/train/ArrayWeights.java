package palindrome.train;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import palindrome.network.Weights;

/**
 * Arrays under their names.
 *
 * @param parameters the arrays
 */
record ArrayWeights(Map<String, NDArray> parameters) implements Weights {

    @Override
    public NDArray get(final String name, final long... shape) {
        return parameters.get(name);
    }

    @Override
    public boolean contains(final String name) {
        return parameters.containsKey(name);
    }
}
