package palindrome.evaluate;

import com.sun.management.HotSpotDiagnosticMXBean;
import ij.IJ;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import palindrome.edit.Progress;
import palindrome.engine.DeviceChoice;
import palindrome.engine.DeviceMemory;
import palindrome.engine.NativeLibraries;
import palindrome.engine.TorchEngine;
import palindrome.model.MeasuredPrecisions;

/**
 * What Palindrome runs on, as a text that answers a helper's first questions: platform, libraries, devices, why the
 * device is taken that is, and, if asked for, whether and how fast it computes. Nothing is downloaded, and no token
 * is shown.
 */
public final class SetupReport {

    /** Variables that decide where libraries and models come from, and how they compute. */
    private static final Pattern RELEVANT = Pattern.compile(
            "PYTORCH_.*|DJL_.*|ENGINE_CACHE_DIR|OPT_OUT_TRACKING|LIBSTDCXX_LIBRARY_PATH|OMP_.*|GOMP_.*|KMP_.*|MKL_.*"
                    + "|CUDA_.*|NVIDIA_TF32_OVERRIDE|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|XDG_C.*_HOME"
                    + "|HF_(HOME|HUB_CACHE|HUB_OFFLINE|ENDPOINT)|JAVA_TOOL_OPTIONS");

    private static final Pattern SECRET = Pattern.compile(".*(TOKEN|SECRET|PASSWORD|CREDENTIAL|KEY).*");
    private static final Pattern PROPERTIES = Pattern.compile("ai\\.djl\\..*|PYTORCH_.*|DJL_.*|ENGINE_CACHE_DIR");

    private final String device;
    private final Path modelCache;
    private final Map<String, String> environment;

    /**
     * @param device what to test, as in {@link DeviceChoice#of(String)}
     * @param modelCache where Hugging Face's programs keep models
     */
    public SetupReport(final String device, final Path modelCache) {
        this(device, modelCache, System.getenv());
    }

    SetupReport(final String device, final Path modelCache, final Map<String, String> environment) {
        this.device = device;
        this.modelCache = modelCache;
        this.environment = environment;
    }

    /**
     * @param test whether to compute something, for some seconds
     * @param progress reported to, and asked whether to go on
     * @return the text, with lines of a name and a value
     * @throws IOException if the bundled model cannot be read
     * @throws IllegalArgumentException if the device is not there
     */
    public String text(final boolean test, final Progress progress) throws IOException {
        progress.stage("Looking at the setup");
        final PlainReport report = new PlainReport();
        programs(report);
        computer(report);
        environment(report);
        try {
            TorchEngine.start();
        } catch (final IllegalStateException exc) {
            report.heading("PyTorch does not start");
            for (Throwable cause = exc; cause != null; cause = cause.getCause())
                report.line(cause.getClass().getSimpleName(), cause.getMessage());
            return report.toString();
        }
        engine(report);
        progress.checkCanceled();
        final DeviceChoice choice = devices(report);
        if (test) {
            report.heading("Self-test on " + choice.name());
            new SelfTest(choice, progress).writeTo(report);
        }
        return report.toString();
    }

    private static void programs(final PlainReport report) {
        report.heading("Programs");
        report.line("Palindrome", version());
        report.line("ImageJ", IJ.getVersion() + (isFiji() ? ", inside Fiji" : ", without Fiji"));
        report.line(
                "Java",
                System.getProperty("java.version") + ", " + System.getProperty("java.vendor") + ", "
                        + System.getProperty("java.home"));
        report.line("Java memory", DeviceMemory.gibibytes(Runtime.getRuntime().maxMemory()) + " at most");
        report.line("Java direct memory", directMemory());
    }

    private static void computer(final PlainReport report) throws IOException {
        report.heading("Computer");
        report.line(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        report.line("processor", Machine.processor());
        report.line(
                "cores",
                Runtime.getRuntime().availableProcessors() + " logical"
                        + (Machine.physicalCores().isPresent()
                                ? ", " + Machine.physicalCores().getAsInt() + " physical"
                                : ""));
    }

    private void environment(final PlainReport report) {
        report.heading("Settings");
        final int before = report.toString().length();
        new TreeMap<>(environment).forEach((name, value) -> {
            if (RELEVANT.matcher(name).matches() && !SECRET.matcher(name).matches()) report.line(name, value);
        });
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> PROPERTIES.matcher(name).matches())
                .sorted()
                .forEach(name -> report.line(name, System.getProperty(name)));
        if (report.toString().length() == before) report.line("none", "");
    }

    private void engine(final PlainReport report) {
        final TorchEngine engine = TorchEngine.start();
        report.heading("Libraries");
        report.line("DJL", engine.djlVersion());
        report.line("libtorch", engine.version() + ", from " + engine.libtorchFolder());
        report.line(
                "built with",
                String.join(" ", engine.features().stream().sorted().toList()));
        report.line("threads", engine.threads());
        NativeLibraries.paths().forEach(path -> report.line("loaded", path));
        report.heading("Folders");
        report.line("libtorch cache", engine.cacheFolder());
        report.line("Hugging Face cache", modelCache);
        report.line("measured precisions", MeasuredPrecisions.ofUser().file());
    }

    private DeviceChoice devices(final PlainReport report) {
        report.heading("Devices");
        report.line("CUDA", TorchEngine.start().cuda());
        for (final DeviceChoice each : DeviceChoice.all()) {
            final DeviceMemory memory = DeviceMemory.of(each.device());
            report.line(
                    each.name(),
                    each.description() + ", " + DeviceMemory.gibibytes(memory.available()) + " of "
                            + DeviceMemory.gibibytes(memory.total()) + " available");
        }
        TorchEngine.start().gpuObstacle().ifPresent(obstacle -> report.line("no NVIDIA GPU", obstacle));
        final DeviceChoice choice = DeviceChoice.of(device);
        report.line("device=" + device, choice.name() + ". " + choice.reason());
        return choice;
    }

    private static String version() {
        final String version = SetupReport.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static boolean isFiji() {
        return SetupReport.class.getClassLoader().getResource("net/imagej/legacy/LegacyService.class") != null;
    }

    /** NB: 0 stands for as much as the heap may have. */
    private static String directMemory() {
        final long limit = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
        return limit == 0 ? "as much again" : DeviceMemory.gibibytes(limit) + " at most";
    }
}
