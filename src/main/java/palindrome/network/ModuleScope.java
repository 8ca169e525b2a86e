package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * A place in the module tree: what a module there is called, where its weights
 * come from and where its kernels are compiled.
 */
final class ModuleScope {

    private final String prefix;
    private final Weights weights;
    private final Kernels kernels;

    /**
     * @param prefix what precedes the names of this module's parameters: empty, or
     *          a path that ends in a dot
     */
    ModuleScope(final String prefix, final Weights weights, final Kernels kernels) {
        this.prefix = prefix;
        this.weights = weights;
        this.kernels = kernels;
    }

    /** @return the scope of a child module such as {@code mid_block} */
    ModuleScope child(final String name) {
        return new ModuleScope(prefix + name + ".", weights, kernels);
    }

    /** @return the scope of a list member such as {@code resnets.1} */
    ModuleScope child(final String list, final int index) {
        return child(list + "." + index);
    }

    NDArray weight(final String name, final long... shape) {
        final NDArray array = weights.get(prefix + name, shape);
        // NB: DJL reads names of arrays as paths into dictionaries and lists.
        if (array != null && array.getName() != null)
            throw new IllegalArgumentException("The array of " + prefix + name + " carries the name '" + array.getName()
                    + "'; arrays given to a network must be unnamed.");
        return array;
    }

    Parameters.Builder parameters() {
        return new Parameters.Builder(this);
    }

    Kernels.Handle kernel(final String resource, final Map<String, Number> constants) {
        return kernel(List.of(resource), constants);
    }

    /** A kernel of several texts, whose methods may call each other. */
    Kernels.Handle kernel(final List<String> resources, final Map<String, Number> constants) {
        return kernels.get(resources, constants);
    }
}
