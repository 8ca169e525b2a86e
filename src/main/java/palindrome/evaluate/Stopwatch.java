package palindrome.evaluate;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Measures time by the clock and the processor time that this process took meanwhile. */
final class Stopwatch {

    private final long wall = System.nanoTime();
    private final long processor = processorNanos();

    private Stopwatch() {}

    static Stopwatch start() {
        return new Stopwatch();
    }

    Elapsed elapsed() {
        return new Elapsed((System.nanoTime() - wall) * 1e-9, (processorNanos() - processor) * 1e-9);
    }

    /**
     * @param seconds by the clock
     * @param processorSeconds of all threads of this process; NaN if the system does not tell
     */
    record Elapsed(double seconds, double processorSeconds) {

        /** @param operations floating-point operations done meanwhile */
        Rate rate(final double operations) {
            return new Rate(operations / seconds, operations / processorSeconds);
        }
    }

    private static long processorNanos() {
        final var system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean.getProcessCpuTime()
                : TimeUnit.SECONDS.toNanos(0);
    }
}
