package palindrome.evaluate;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import palindrome.engine.TorchEngine;

/** What this process runs on; where Linux tells it, which processor and how much memory it took. */
final class Machine {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");
    /** What resets the peak, proc(5). */
    private static final String PEAK = "5";

    private Machine() {}

    /** @return one line on the processor, one on the software */
    static String describe() throws IOException {
        final TorchEngine engine = TorchEngine.start();
        return String.format(
                "%s, %d cores, %d threads compute%nJava %s, PyTorch %s, %s %s",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                engine.threads(),
                System.getProperty("java.version"),
                engine.version(),
                System.getProperty("os.name"),
                System.getProperty("os.version"));
    }

    /** @return the processor's name, where Linux tells it */
    static String processor() throws IOException {
        return field(CPU_INFO, "model name").orElse("processor " + System.getProperty("os.arch"));
    }

    /** @return cores without what hyper-threading makes of them, where Linux tells; empty if unknown */
    static OptionalInt physicalCores() throws IOException {
        if (!Files.isReadable(CPU_INFO)) return OptionalInt.empty();
        final Set<String> cores = new HashSet<>();
        String socket = "";
        for (final String line : Files.readAllLines(CPU_INFO)) {
            if (line.startsWith("physical id")) socket = line;
            else if (line.startsWith("core id")) cores.add(socket + line);
        }
        return cores.isEmpty() ? OptionalInt.empty() : OptionalInt.of(cores.size());
    }

    /** @return programs that want a core, averaged over the last minute, this one included; empty if unknown */
    static OptionalDouble load() {
        final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? OptionalDouble.empty() : OptionalDouble.of(load);
    }

    /** @return the most memory this process held, ever or since {@link #forgetPeakMemory()}, in MiB; empty if unknown */
    static OptionalDouble peakMemory() throws IOException {
        return memory("VmHWM");
    }

    /** Lets {@link #peakMemory()} begin anew, where Linux can. */
    static void forgetPeakMemory() throws IOException {
        if (Files.isWritable(CLEAR)) Files.writeString(CLEAR, PEAK);
    }

    /** @return the memory this process holds now, in MiB; empty if unknown */
    static OptionalDouble memory() throws IOException {
        return memory("VmRSS");
    }

    private static OptionalDouble memory(final String name) throws IOException {
        return field(STATUS, name)
                .map(text -> OptionalDouble.of(
                        Double.parseDouble(text.toLowerCase(Locale.ROOT).replace("kb", "")) / 1024))
                .orElse(OptionalDouble.empty());
    }

    private static Optional<String> field(final Path file, final String name) throws IOException {
        if (!Files.isReadable(file)) return Optional.empty();
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip());
    }
}
