package palindrome.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;

/**
 * The guard between host numbers and native tensors.
 * <p>
 * DJL's native layer knows nine element types. Every other one ends in a C++
 * {@code throw} without an exception, which aborts the whole process, Fiji and
 * the user's unsaved images with it. It also ignores the position of a direct
 * buffer. So arrays come into being here and nowhere else.
 */
public final class Tensors {

    private static final Set<DataType> SAFE = EnumSet.of(
            DataType.FLOAT32,
            DataType.FLOAT64,
            DataType.FLOAT16,
            DataType.UINT8,
            DataType.INT32,
            DataType.INT8,
            DataType.INT64,
            DataType.BOOLEAN);

    private Tensors() {}

    /**
     * @param type an element type
     * @return whether native code may be handed that type
     */
    public static boolean isSafe(final DataType type) {
        return SAFE.contains(type);
    }

    /**
     * @param type an element type
     * @return the same type
     * @throws IllegalArgumentException if native code would abort on it
     */
    public static DataType requireSafe(final DataType type) {
        if (!isSafe(type))
            throw new IllegalArgumentException("Element type " + type
                    + " is not supported by the tensor engine; convert to float32 first. "
                    + "Supported: "
                    + SAFE + ".");
        return type;
    }

    /** A float32 array of the given shape, copied from row-major values. */
    public static NDArray of(final NDManager manager, final float[] values, final long... shape) {
        return manager.create(values, checked(values.length, shape));
    }

    /** A float64 array of the given shape, copied from row-major values. */
    public static NDArray of(final NDManager manager, final double[] values, final long... shape) {
        return manager.create(values, checked(values.length, shape));
    }

    /** An int64 array of the given shape, copied from row-major values. */
    public static NDArray of(final NDManager manager, final long[] values, final long... shape) {
        return manager.create(values, checked(values.length, shape));
    }

    /**
     * An array over a direct little-endian buffer, from its position to its
     * limit; on a CPU the memory is shared, not copied, and kept alive.
     *
     * @param manager owner of the array
     * @param data direct buffer, little-endian; its position is honoured
     * @param type element type
     * @param shape shape whose size times the type's width is the remaining size
     * @return the array
     * @throws IllegalArgumentException if type or size do not fit
     */
    public static NDArray of(final NDManager manager, final ByteBuffer data, final DataType type, final long... shape) {
        requireSafe(type);
        final Shape target = new Shape(shape);
        final long bytes = target.size() * type.getNumOfBytes();
        if (bytes != data.remaining())
            throw new IllegalArgumentException("A " + type
                    + " tensor of shape " + target + " takes " + bytes + " bytes, but there are "
                    + data.remaining() + ".");
        // NB: the native side starts at the buffer's address and ignores its
        // position, so it gets a slice.
        return manager.create(data.slice().order(ByteOrder.LITTLE_ENDIAN), target, type);
    }

    /**
     * A number as a factor or divisor of what autograd records. NB: DJL makes arrays over Java's memory on a CPU, and so
     * it does for {@code array.mul(2)}; once such an array is closed, a garbage collection may free what the recorded
     * graph still wants. The memory of this one is libtorch's own, and stays as long as anything wants it.
     *
     * @param manager owner of the array
     * @param value an int or a double, or a float where the device may have no float64
     * @return of that type, without dimensions; to be closed as soon as it was used
     */
    public static NDArray number(final NDManager manager, final Number value) {
        try (NDArray shared = manager.create(value)) {
            return shared.duplicate();
        }
    }

    /** A zero-filled array. */
    public static NDArray zeros(final NDManager manager, final DataType type, final long... shape) {
        return manager.zeros(new Shape(shape), requireSafe(type));
    }

    /**
     * @param array any array, whose own type must be safe too
     * @param type target type
     * @return a copy in that type, or the array itself if it already has it; NB:
     *         the copy is cut from the autograd graph
     */
    public static NDArray cast(final NDArray array, final DataType type) {
        requireSafe(array.getDataType());
        return array.toType(requireSafe(type), false);
    }

    private static Shape checked(final int length, final long... shape) {
        final Shape target = new Shape(shape);
        if (target.size() != length)
            throw new IllegalArgumentException(
                    "Shape " + target + " holds " + target.size() + " values, but there are " + length + ".");
        return target;
    }
}
