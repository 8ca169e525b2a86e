package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.Arrays;
import palindrome.engine.Tensors;

/**
 * A tensor of a checkpoint that is described but not read yet, or one derived
 * from such a tensor. Views cost nothing until they are read, and views of
 * float32 data share the file's pages even then, except transposed ones.
 */
interface StoredTensor {

    /** @return the file it lies in, for messages */
    String origin();

    /** @return element type in the file */
    SafetensorsType type();

    /** @return sizes, slowest axis first; a new array */
    long[] shape();

    /**
     * @param manager owner of the array
     * @return the values; float32 for every float type but F64
     * @throws IOException if the file cannot be read
     */
    NDArray read(NDManager manager) throws IOException;

    /**
     * @return the values in float32, row-major, in a new array
     * @throws IOException if the file cannot be read
     */
    float[] floats() throws IOException;

    /**
     * @param shape sizes with the same product
     * @return the same values under another shape
     */
    StoredTensor reshaped(long... shape);

    /**
     * @param begin first row, an index of the slowest axis
     * @param end row behind the last
     * @return those rows
     */
    StoredTensor rows(long begin, long end);

    /** @return the transpose of a matrix */
    default StoredTensor transposed() {
        return new Transposed(this);
    }

    /** @return the number of values */
    default long size() {
        return Arrays.stream(shape()).reduce(1, Math::multiplyExact);
    }

    /** A matrix with rows and columns exchanged; copied when read. */
    record Transposed(StoredTensor matrix) implements StoredTensor {

        public Transposed {
            if (matrix.shape().length != 2)
                throw new IllegalArgumentException("Only a matrix can be transposed, not a tensor of shape "
                        + Arrays.toString(matrix.shape()) + ".");
        }

        @Override
        public String origin() {
            return matrix.origin();
        }

        @Override
        public SafetensorsType type() {
            return matrix.type();
        }

        @Override
        public long[] shape() {
            final long[] shape = matrix.shape();
            return new long[] {shape[1], shape[0]};
        }

        @Override
        public NDArray read(final NDManager manager) throws IOException {
            return Tensors.of(manager, floats(), shape());
        }

        @Override
        public float[] floats() throws IOException {
            final int rows = Math.toIntExact(matrix.shape()[0]);
            final int columns = Math.toIntExact(matrix.shape()[1]);
            final float[] values = matrix.floats();
            final float[] exchanged = new float[values.length];
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++) exchanged[c * rows + r] = values[r * columns + c];
            return exchanged;
        }

        @Override
        public StoredTensor reshaped(final long... shape) {
            throw new UnsupportedOperationException("A transposed tensor keeps its shape.");
        }

        @Override
        public StoredTensor rows(final long begin, final long end) {
            throw new UnsupportedOperationException("A transposed tensor is used whole.");
        }

        @Override
        public StoredTensor transposed() {
            return matrix;
        }
    }
}
