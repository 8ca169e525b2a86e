package palindrome.engine;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The memory of a device; that of the computer for the CPU and for Apple's GPUs, which share it.
 *
 * @param total bytes there are
 * @param available bytes that can still be had, about; on a GPU without what libtorch keeps for later
 */
public record DeviceMemory(long total, long available) {

    private static final Path MEMORY = Path.of("/proc/meminfo");

    /** @param device one that is there */
    public static DeviceMemory of(final Device device) {
        if (!device.isGpu()) return ofComputer();
        final MemoryUsage usage = CudaUtils.getGpuMemory(device);
        return new DeviceMemory(usage.getMax(), usage.getMax() - usage.getCommitted());
    }

    /** @return an amount of memory for people to read, such as {@code 1.5 GiB} */
    public static String gibibytes(final long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
    }

    private static DeviceMemory ofComputer() {
        final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        final long total = system.getTotalMemorySize();
        final long free = system.getFreeMemorySize();
        // NB: on Linux most of what is not free is a cache of files, which makes way.
        return new DeviceMemory(total, Files.isReadable(MEMORY) ? Math.min(total, available(free)) : free);
    }

    private static long available(final long otherwise) {
        try (Stream<String> lines = Files.lines(MEMORY)) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .findFirst()
                    .orElse(otherwise);
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }
}
