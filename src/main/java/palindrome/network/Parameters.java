package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The parameters of one module in the order in which its kernel takes them.
 */
final class Parameters {

    /** For kernels that need none. */
    static final Parameters NONE = new Parameters(new NDArray[0]);

    private final NDArray[] arrays;

    private Parameters(final NDArray[] arrays) {
        this.arrays = arrays;
    }

    /** @return the parameter that comes first, whose type and device all of them share */
    NDArray first() {
        return arrays[0];
    }

    /** @return the activations followed by the parameters */
    NDArray[] after(final NDArray... activations) {
        final NDArray[] all = Arrays.copyOf(activations, activations.length + arrays.length);
        System.arraycopy(arrays, 0, all, activations.length, arrays.length);
        return all;
    }

    /** Collects a module's parameters layer by layer. */
    static final class Builder {

        private final ModuleScope scope;
        private final List<NDArray> arrays = new ArrayList<>();

        Builder(final ModuleScope scope) {
            this.scope = scope;
        }

        /** A group or layer norm over {@code channels}: weight, bias. */
        Builder norm(final String layer, final long channels) {
            return array(layer + ".weight", channels).array(layer + ".bias", channels);
        }

        /** A square convolution: weight [out, in, side, side], bias [out]. */
        Builder conv(final String layer, final long out, final long in, final long side) {
            return array(layer + ".weight", out, in, side, side).array(layer + ".bias", out);
        }

        /** A linear layer: weight [out, in], bias [out]. */
        Builder linear(final String layer, final long out, final long in) {
            return array(layer + ".weight", out, in).array(layer + ".bias", out);
        }

        /** A linear layer without bias: weight [out, in]. */
        Builder matrix(final String layer, final long out, final long in) {
            return array(layer + ".weight", out, in);
        }

        /** A vector of its own: [width]. */
        Builder vector(final String name, final long width) {
            return array(name, width);
        }

        /** A vector of its own, kept as a row: [1, width]. */
        Builder row(final String name, final long width) {
            return array(name, 1, width);
        }

        private Builder array(final String name, final long... shape) {
            arrays.add(scope.weight(name, shape));
            return this;
        }

        Parameters build() {
            return new Parameters(arrays.toArray(NDArray[]::new));
        }
    }
}
