package palindrome.evaluate;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The middle of repeated measurements, which one slow repetition does not move. */
final class Median {

    private Median() {}

    /** @return the middle value, or the mean of the two in the middle; NaN of nothing */
    static <T> double of(final Collection<T> measurements, final ToDoubleFunction<T> value) {
        final double[] sorted =
                measurements.stream().mapToDouble(value).sorted().toArray();
        if (sorted.length == 0) return Double.NaN;
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
