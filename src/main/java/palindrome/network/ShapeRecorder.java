package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
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

    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    @Override
    public NDArray get(final String name, final long... shape) {
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
