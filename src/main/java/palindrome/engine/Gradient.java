package palindrome.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * Reverse-mode derivatives of one number. DJL's own collector serves one thread
 * of the process at a time; this one serves any number of them, since PyTorch
 * keeps what it records by thread.
 */
public final class Gradient {

    private Gradient() {}

    /**
     * Computes a number and adds its derivatives to the gradients of all arrays that
     * require them (see {@link NDArray#setRequiresGradient}).
     * <p>
     * NB: {@link Tensors#cast} and DJL's {@code duplicate} and {@code toDevice} cut
     * the graph; cast inside a {@link Kernel} instead. Arrays made from Java must stay
     * open until this returns, and factors and divisors are a {@link Tensors#number},
     * never a Java number.
     *
     * @param number computes a float64 array of one element; what it leaves open is
     *          the caller's
     * @return its value
     * @throws TensorMemoryException if the device has not enough memory
     */
    public static double backward(final Supplier<NDArray> number) {
        final boolean recorded = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try {
            final NDArray value = number.get();
            try (NDArray seed = value.onesLike()) {
                JniUtils.backward((PtNDArray) value, (PtNDArray) seed, false, false);
            } catch (final EngineException exc) {
                throw TensorMemoryException.explaining(exc, value.getDevice());
            }
            return value.getDouble();
        } finally {
            JniUtils.setGradMode(recorded);
        }
    }
}
