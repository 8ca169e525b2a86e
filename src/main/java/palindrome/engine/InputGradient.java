package palindrome.engine;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.UnaryOperator;

/**
 * The gradient of a number by the array it is computed from. Unlike DJL's collector,
 * of which a process has one, it may be taken on several threads at once.
 */
public final class InputGradient {

    private InputGradient() {}

    /**
     * @param function takes a copy of the input and returns one number, computed by
     *          kernels or by what else autograd can see, with what {@link Gradient#backward}
     *          says about casts and numbers. What it leaves on the manager of its argument is freed
     * @param input float32 or float64, any shape
     * @return the gradient at the input, of its type and shape, owned by its manager;
     *         the same bits for the same input, device and number of threads
     * @throws TensorMemoryException if the device has not enough memory
     */
    public static NDArray of(final UnaryOperator<NDArray> function, final NDArray input) {
        final NDManager owner = input.getManager();
        // NB: libtorch has the mode by thread.
        final boolean mode = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try (NDManager scope = owner.newSubManager()) {
            final NDArray leaf = input.duplicate();
            leaf.attach(scope);
            leaf.setRequiresGradient(true);
            final NDArray value = function.apply(leaf);
            final NDArray one = value.onesLike();
            JniUtils.backward((PtNDArray) value, (PtNDArray) one, false, false);
            final NDArray gradient = leaf.getGradient();
            gradient.attach(owner);
            return gradient;
        } catch (final EngineException exc) {
            throw TensorMemoryException.explaining(exc, input.getDevice());
        } finally {
            JniUtils.setGradMode(mode);
        }
    }
}
