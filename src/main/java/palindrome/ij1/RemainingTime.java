package palindrome.ij1;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * Estimates how long a stage still takes, from the steps measured so far. The
 * first step is left out as soon as there is a second one, because it pays for
 * warming up.
 */
final class RemainingTime {

    private final long start;
    private long firstStep = -1;
    private long firstDone;

    /** @param nanoTime when the stage began, in nanoseconds */
    RemainingTime(final long nanoTime) {
        start = nanoTime;
    }

    /**
     * Estimates the remaining time after a step.
     *
     * @param done finished steps
     * @param total steps of the stage
     * @param nanoTime now
     * @return nanoseconds, or empty while nothing has been measured
     */
    OptionalLong after(final long done, final long total, final long nanoTime) {
        if (done <= 0) return OptionalLong.empty();
        if (firstStep < 0) {
            firstStep = nanoTime;
            firstDone = done;
        }
        final double perStep = done > firstDone
                ? (double) (nanoTime - firstStep) / (done - firstDone)
                : (double) (nanoTime - start) / done;
        return OptionalLong.of(Math.round(perStep * (total - done)));
    }

    /** Text such as {@code "8 s"}, {@code "2 min 05 s"} or {@code "1 h 10 min"}. */
    static String format(final long nanos) {
        final long s = Math.round(nanos / 1e9);
        if (s < 60) return s + " s";
        if (s < 3600) return String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60);
        return String.format(Locale.ROOT, "%d h %02d min", s / 3600, s / 60 % 60);
    }
}
