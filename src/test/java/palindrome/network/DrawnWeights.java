package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import palindrome.engine.Tensors;

/** Random float64 weights, scaled so that activations stay near one. */
final class DrawnWeights implements Weights {

    private final NDManager manager;
    private final Random random = new Random(7);
    private final Map<String, NDArray> arrays = new LinkedHashMap<>();

    DrawnWeights(final NDManager manager, final Map<String, Shape> shapes) {
        this.manager = manager;
        shapes.forEach((name, shape) -> arrays.put(name, draw(1 / Math.sqrt(fanIn(shape)), shape)));
    }

    @Override
    public NDArray get(final String name, final long... shape) {
        return arrays.get(name);
    }

    @Override
    public boolean contains(final String name) {
        return arrays.containsKey(name);
    }

    Map<String, NDArray> arrays() {
        return arrays;
    }

    NDArray draw(final double deviation, final Shape shape) {
        final double[] values = random.doubles(shape.size(), -1, 1)
                .map(v -> v * deviation * Math.sqrt(3))
                .toArray();
        return Tensors.of(manager, values, shape.getShape());
    }

    private static double fanIn(final Shape shape) {
        return shape.dimension() == 1 ? 1 : (double) shape.size() / shape.get(0);
    }
}
