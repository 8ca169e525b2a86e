package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Weights that hold nothing but write down what a network asks for.
 * <p>
 * Building a module tree against it lists the network's parameters without a
 * checkpoint and without native code. Such a tree cannot run.
 */
final class ShapeRecorder implements Weights {

    /** Far above any network there is; a damaged configuration may ask for billions. */
    private static final int MAX_PARAMETERS = 50_000;

    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if there are too many, or a shape is impossible */
    @Override
    public NDArray get(final String name, final long... shape) {
        if (shapes.size() == MAX_PARAMETERS)
            throw new IllegalArgumentException("The configuration asks for more than " + MAX_PARAMETERS
                    + " tensors, more than any network has; its numbers of layers are wrong.");
        for (final long length : shape)
            if (length < 1)
                throw new IllegalArgumentException("The configuration asks for " + name + " of shape "
                        + Arrays.toString(shape) + ", which is impossible; its numbers of channels are wrong.");
        if (shapes.put(name, new Shape(shape)) != null)
            throw new IllegalStateException("Two modules own " + name + ".");
        return null;
    }

    @Override
    public boolean contains(final String name) {
        return false;
    }

    /** @return the parameters asked for, in the order of the module tree */
    Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
    }
}
