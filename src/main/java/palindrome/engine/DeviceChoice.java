package palindrome.engine;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A device and why it was taken.
 *
 * @param device where the network runs
 * @param requested what the user asked for
 * @param reason one readable sentence, for the log and the provenance
 */
public record DeviceChoice(Device device, String requested, String reason) {

    /** The request that leaves the choice to this class. */
    public static final String AUTO = "auto";

    private static final String CPU = "cpu";
    private static final String MPS = "mps";
    private static final Pattern GPU = Pattern.compile("gpu(?::(\\d{1,3}))?");

    /** @return every device that can be asked for here, the CPU first */
    public static List<DeviceChoice> all() {
        final DeviceFacts facts = TorchEngine.start().deviceFacts();
        final List<DeviceChoice> all = new ArrayList<>(List.of(of(CPU, facts)));
        for (int i = 0; i < facts.gpus(); i++) all.add(of("gpu:" + i, facts));
        if (facts.appleGpu()) all.add(of(MPS, facts));
        return all;
    }

    /**
     * @param request {@code auto}, {@code cpu}, {@code gpu}, {@code gpu:n} or
     *          {@code mps}
     * @return the device; {@code auto} takes the first NVIDIA GPU that libtorch can
     *         use, else the CPU. NB: not {@code mps}, which has to be asked for, since
     *         its results have not been checked
     * @throws IllegalArgumentException if the request is unknown, or asks for a
     *           device that is not there, with the reason and what to do: never a
     *           silent CPU
     */
    public static DeviceChoice of(final String request) {
        return of(request, TorchEngine.start().deviceFacts());
    }

    static DeviceChoice of(final String request, final DeviceFacts facts) {
        final String wanted = request.trim().toLowerCase(Locale.ROOT);
        return switch (wanted) {
            case AUTO -> automatic(request, facts);
            case CPU -> new DeviceChoice(Device.cpu(), request, "The CPU was asked for.");
            case MPS -> apple(request, facts);
            default -> gpu(wanted, request, facts);
        };
    }

    private static DeviceChoice automatic(final String request, final DeviceFacts facts) {
        if (facts.gpus() > 0)
            return new DeviceChoice(
                    Device.gpu(0),
                    request,
                    facts.gpus() == 1
                            ? "auto: the GPU that libtorch can use."
                            : "auto: the first of " + facts.gpus() + " GPUs that libtorch can use.");
        return new DeviceChoice(Device.cpu(), request, "auto: the CPU, because " + facts.obstacle() + ".");
    }

    private static DeviceChoice apple(final String request, final DeviceFacts facts) {
        if (facts.appleGpu())
            return new DeviceChoice(
                    Device.of(MPS, 0),
                    request,
                    "mps was asked for; it has no float64, so the sampler's states stay on the CPU.");
        throw absent(
                request,
                facts.platform().startsWith("Mac")
                        ? "the libtorch in use cannot compute on this computer's GPU"
                        : "mps is the GPU of Apple computers, and this is " + facts.platform());
    }

    private static DeviceChoice gpu(final String wanted, final String request, final DeviceFacts facts) {
        final Matcher gpu = GPU.matcher(wanted);
        if (!gpu.matches())
            throw new IllegalArgumentException("Unknown device '" + request + "'. Use auto, cpu, gpu, gpu:1 or mps.");
        final int index = gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1));
        if (index < facts.gpus()) return new DeviceChoice(Device.gpu(index), request, wanted + " was asked for.");
        throw absent(
                request,
                facts.gpus() == 0
                        ? facts.obstacle()
                        : "libtorch can use " + facts.gpus() + (facts.gpus() == 1 ? " GPU" : " GPUs")
                                + ", counted from gpu:0");
    }

    private static IllegalArgumentException absent(final String request, final String why) {
        return new IllegalArgumentException("Device '" + request + "' was asked for, but is not there: " + why
                + ". Use device=cpu or device=auto instead.");
    }

    /** @return the words that ask for this very device: {@code cpu}, {@code gpu:0} or {@code mps} */
    public String name() {
        return device.isGpu() ? "gpu:" + device.getDeviceId() : device.getDeviceType();
    }

    /** @return the device in words that change when another one takes its place in the computer */
    public String description() {
        if (!device.isGpu())
            return name() + " of " + System.getProperty("os.name") + " " + System.getProperty("os.arch");
        return name() + ", compute capability " + CudaUtils.getComputeCapability(device.getDeviceId()) + ", "
                + (DeviceMemory.of(device).total() >> 20) + " MiB";
    }

    /** @return whether this was chosen for the user, and another may be if it fails */
    public boolean isAutomatic() {
        return requested.trim().equalsIgnoreCase(AUTO);
    }

    /** @return the CPU instead, for a reason that is a sentence */
    public DeviceChoice insteadCpu(final String why) {
        return new DeviceChoice(Device.cpu(), requested, why);
    }

    /**
     * @return where the states of samplers live: on this device, or beside it on the
     *         CPU, where this device lacks the float64 they need
     */
    public Device stateDevice() {
        return device.getDeviceType().equals(MPS) ? Device.cpu() : device;
    }

    /** @return whether this is the CPU */
    public boolean isCpu() {
        return device.getDeviceType().equals(CPU);
    }
}
