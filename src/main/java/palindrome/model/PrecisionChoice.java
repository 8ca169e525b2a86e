package palindrome.model;

import java.util.Locale;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Precision;
import palindrome.engine.TensorMemoryException;
import palindrome.engine.TorchEngine;

/**
 * A precision and why it was taken.
 *
 * @param precision of the denoising network
 * @param requested what the user asked for
 * @param reason one readable sentence
 */
public record PrecisionChoice(Precision precision, String requested, String reason) {

    private static final String AUTO = "auto";

    /**
     * @param request {@code auto}, {@code float32} or {@code float16}
     * @param device where the network runs
     * @param measured what is known of devices
     * @param before asked before each evaluation that is measured; leaves by an exception to stop
     * @return the precision; {@code auto} takes float16 on a GPU on which it was measured to pay
     * @throws IllegalArgumentException if the request is unknown, or float16 is asked for on the CPU
     */
    public static PrecisionChoice of(
            final String request, final DeviceChoice device, final MeasuredPrecisions measured, final Runnable before) {
        return switch (request.strip().toLowerCase(Locale.ROOT)) {
            case AUTO ->
                device.isCpu()
                        ? new PrecisionChoice(
                                Precision.FLOAT32, request, "auto: half precision is slower than float32 on a CPU.")
                        : measured(request, device, measured, before);
            case "float32" -> new PrecisionChoice(Precision.FLOAT32, request, "float32 was asked for.");
            case "float16" -> half(request, device);
            default ->
                throw new IllegalArgumentException(
                        "Unknown precision '" + request + "'. Use auto, float32 or float16.");
        };
    }

    private static PrecisionChoice measured(
            final String request, final DeviceChoice device, final MeasuredPrecisions measured, final Runnable before) {
        final String words =
                device.description() + ", PyTorch " + TorchEngine.start().version();
        try {
            return fromTiming(request, measured.get(words, () -> PrecisionTrial.USUAL.run(device.device(), before)));
        } catch (final RuntimeException exc) {
            if (!TensorMemoryException.isLackOfMemory(exc)) throw exc;
            return new PrecisionChoice(
                    Precision.FLOAT32, request, "auto: there was no memory to measure whether half precision pays.");
        }
    }

    /** What a measurement says. */
    static PrecisionChoice fromTiming(final String request, final PrecisionTiming timing) {
        return new PrecisionChoice(
                timing.pays() ? Precision.FLOAT16 : Precision.FLOAT32,
                request,
                String.format(
                        Locale.ROOT,
                        "auto: half precision was measured to be %.2f times as fast here.",
                        timing.speedup()));
    }

    private static PrecisionChoice half(final String request, final DeviceChoice device) {
        if (device.isCpu())
            throw new IllegalArgumentException("Precision '" + request + "' was asked for on the CPU, which computes"
                    + " slower in half precision than in float32, on many processors a hundred times."
                    + " Use precision=auto, or a GPU.");
        return new PrecisionChoice(Precision.FLOAT16, request, "float16 was asked for.");
    }

    /** @return whether this was chosen for the user, and another may be if it fails */
    public boolean isAutomatic() {
        return requested.strip().equalsIgnoreCase(AUTO);
    }
}
