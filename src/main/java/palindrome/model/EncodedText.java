package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.engine.Tensors;

/**
 * An array of a text encoder, kept on the host.
 *
 * @param values row-major
 * @param shape of the array
 */
record EncodedText(float[] values, long[] shape) {

    static EncodedText of(final NDArray array) {
        return new EncodedText(array.toFloatArray(), array.getShape().getShape());
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
