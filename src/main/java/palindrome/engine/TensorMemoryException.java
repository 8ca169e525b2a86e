package palindrome.engine;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import java.util.Locale;

/** The device has no memory left for a tensor; the message is one for the user. */
public final class TensorMemoryException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

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
    static RuntimeException explaining(final EngineException failure, final Device device) {
        final String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("out of memory") || message.contains("can't allocate memory")
                ? new TensorMemoryException(device, failure)
                : failure;
    }
}
