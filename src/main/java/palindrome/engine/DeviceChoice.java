package palindrome.engine;

import ai.djl.Device;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device and why it was taken.
 *
 * @param device where tensors live and the network runs
 * @param requested what the user asked for
 * @param reason one readable sentence, for the log and the provenance
 */
public record DeviceChoice(Device device, String requested, String reason) {

    // NB: not mps, which has no float64 for the samplers' states.
    private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,3}))?");

    /**
     * @param request {@code auto}, {@code cpu}, {@code gpu} or {@code gpu:n}
     * @return the device; {@code auto} takes the first GPU that libtorch can use,
     *         else the CPU
     * @throws IllegalArgumentException if the request is unknown, or asks for a
     *           device that is not there: never a silent CPU
     */
    public static DeviceChoice of(final String request) {
        final String wanted = request.trim().toLowerCase(Locale.ROOT);
        final int gpus = TorchEngine.start().gpuCount();
        if (wanted.equals("auto")) {
            return gpus > 0
                    ? new DeviceChoice(
                            Device.gpu(0),
                            request,
                            "auto: the first of " + gpus + " CUDA devices that libtorch can use")
                    : new DeviceChoice(Device.cpu(), request, "auto: libtorch sees no CUDA device, so the CPU is used");
        }
        if (wanted.equals("cpu")) return new DeviceChoice(Device.cpu(), request, "the CPU was asked for");
        final Matcher gpu = GPU.matcher(wanted);
        if (!gpu.matches())
            throw new IllegalArgumentException("Unknown device '" + request + "'. Use auto, cpu, gpu or gpu:1.");
        final int index = gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1));
        if (index >= gpus)
            throw new IllegalArgumentException("Device '" + request + "' was asked for, but libtorch sees " + gpus
                    + " CUDA device(s). Use device=cpu or device=auto.");
        return new DeviceChoice(Device.gpu(index), request, wanted + " was asked for");
    }
}
