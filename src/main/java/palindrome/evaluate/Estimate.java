package palindrome.evaluate;

import java.util.Arrays;
import java.util.Locale;

/**
 * A mean of repeated measurements.
 *
 * @param mean their mean
 * @param error standard error of the mean; NaN for a single measurement
 */
record Estimate(double mean, double error) {

    private static final double CLEAR = 2;

    /** @param values at least one */
    static Estimate of(final double... values) {
        final double mean = Arrays.stream(values).average().orElseThrow();
        final double squares =
                Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        final int n = values.length;
        return new Estimate(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n));
    }

    /**
     * @param what the claim, such as "fewer errors"
     * @return a sentence that says whether this is clearly less than another one: by more than two standard errors of
     *         the difference
     */
    String lessThan(final Estimate other, final String what) {
        final double gap = other.mean - mean;
        final double error = Math.hypot(error(), other.error());
        final String verdict = Math.abs(gap) <= CLEAR * error || Double.isNaN(error)
                ? "undecided"
                : gap > 0 ? "**holds**" : "**does not hold**";
        return what + ": " + this + " against " + other + ", " + verdict + ".";
    }

    /** @return a number with three significant digits, 0 as 0 */
    static String text(final double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.3g", value);
    }

    @Override
    public String toString() {
        return text(mean) + (Double.isNaN(error) ? "" : " ± " + String.format(Locale.ROOT, "%.1g", error));
    }
}
