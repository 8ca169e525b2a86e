package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import palindrome.engine.Kernel;
import palindrome.engine.Tensors;

/**
 * The product of two large float32 matrices: how fast this machine computes at the
 * moment, to compare a network with that runs beside it.
 */
final class MatrixProduct implements AutoCloseable {

    private static final int SIDE = 3072;
    private static final double OPERATIONS = 2.0 * SIDE * SIDE * SIDE;

    private final Kernel kernel = Kernel.load(MatrixProduct.class, "matrix_product.py", Map.of());
    private final NDArray left;
    private final NDArray right;

    /** @param manager owner of the matrices */
    MatrixProduct(final NDManager manager) {
        final float[] values = new float[SIDE * SIDE];
        for (int i = 0; i < values.length; i++) values[i] = (i * 31 + i / SIDE * 17) % 101 / 101f - 0.5f;
        left = Tensors.of(manager, values, SIDE, SIDE);
        right = left.transpose().add(0);
        multiply();
    }

    /** @return operations per second, measured now */
    Rate rate() {
        final Stopwatch watch = Stopwatch.start();
        multiply();
        return watch.elapsed().rate(OPERATIONS);
    }

    private void multiply() {
        final Shape shape;
        try (NDArray product = kernel.call("multiply", left, right)) {
            shape = product.getShape();
        }
        if (shape.size() != (long) SIDE * SIDE) throw new IllegalStateException("The product is " + shape + ".");
    }

    @Override
    public void close() {
        left.close();
        right.close();
        kernel.close();
    }
}
