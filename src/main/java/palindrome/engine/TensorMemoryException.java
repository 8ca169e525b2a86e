package palindrome.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Locale;

/** The device has no memory left for a tensor; the message is one for the user. */
public final class TensorMemoryException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    /** In messages of libtorch's CPU and CUDA allocators, of cuBLAS and of cuDNN. */
    private static final List<String> SIGNS = List.of(
            "out of memory", "can't allocate memory", "cublas_status_alloc_failed", "cudnn_status_alloc_failed");

    private TensorMemoryException(final Device device, final Throwable cause) {
        super(
                device.isGpu()
                        ? "There is not enough memory on the GPU (" + device
                                + ") for an image of this size. Use a smaller image, or device=cpu."
                        : "There is not enough memory for an image of this size. Use a smaller image, or close other"
                                + " images and programs.",
                cause);
    }

    /**
     * @param failure of a native call
     * @param device it was made on
     * @return what it means: a lack of memory, told by libtorch's message alone, or
     *         the failure itself
     */
    public static RuntimeException explaining(final RuntimeException failure, final Device device) {
        return failure instanceof EngineException && isLackOfMemory(failure)
                ? new TensorMemoryException(device, failure)
                : failure;
    }

    /**
     * @param failure of anything that computes
     * @return whether a device had no memory left; other work on it may well go on
     */
    public static boolean isLackOfMemory(final RuntimeException failure) {
        if (failure instanceof TensorMemoryException) return true;
        if (!(failure instanceof EngineException)) return false;
        final String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return SIGNS.stream().anyMatch(message::contains);
    }
}
