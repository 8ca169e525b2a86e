package palindrome.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * The two 16-bit floats of checkpoints, widened to float32 by native code, on
 * all its threads and without loss. No array of bfloat16 ever reaches Java,
 * where DJL would abort on it.
 */
public enum Bits16 {

    /** IEEE 754 binary16. */
    FLOAT16 {

        @Override
        public NDArray widen(final NDManager manager, final ByteBuffer data, final long... shape) {
            try (NDArray half = Tensors.of(manager, data, DataType.FLOAT16, shape)) {
                return Tensors.cast(half, DataType.FLOAT32);
            }
        }
    },

    /** The upper half of a float32. */
    BFLOAT16 {

        @Override
        public NDArray widen(final NDManager manager, final ByteBuffer data, final long... shape) {
            try (NDArray bytes = Tensors.of(manager, data, DataType.UINT8, data.remaining());
                    NDArray wide = Widening.KERNEL.call("bfloat16", bytes)) {
                return wide.reshape(new Shape(shape));
            }
        }
    };

    /** Compiled when the first such tensor is read. */
    private static final class Widening {

        private static final Kernel KERNEL = Kernel.load(Bits16.class, "bits_16.py", Map.of());
    }

    /**
     * @param manager owner of the array
     * @param data direct little-endian values, from the position to the limit
     * @param shape shape that holds as many
     * @return the same values in float32
     * @throws IllegalArgumentException if the number of values does not fit
     */
    public abstract NDArray widen(NDManager manager, ByteBuffer data, long... shape);
}
