package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.engine.Tensors;

/**
 * A float32 array that is kept on the host, to be copied to a device when it is used.
 *
 * @param values row-major
 * @param shape of the array
 */
record HostArray(float[] values, long[] shape) {

    static HostArray of(final NDArray array) {
        return new HostArray(array.toFloatArray(), array.getShape().getShape());
    }

    /** @return a copy on the owner's device */
    NDArray on(final NDManager owner) {
        return Tensors.of(owner, values, shape);
    }

    /** @return as many zeros on the owner's device */
    NDArray zerosOn(final NDManager owner) {
        return Tensors.of(owner, new float[values.length], shape);
    }
}
