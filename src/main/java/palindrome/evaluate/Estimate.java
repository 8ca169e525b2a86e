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
     * Whether one measurement is clearly less than another one that was repeated on the same groups, so that what both
     * owe to a group cancels: by more than two standard errors of the differences.
     *
     * @param what the claim, such as "O-BELM is nearer than DDIM"
     * @param less values that are claimed to be less, one a group
     * @param more values of the same groups
     * @return a sentence with both, their difference and the verdict
     */
    static String claim(final String what, final double[] less, final double[] more) {
        final double[] gaps = new double[less.length];
        for (int i = 0; i < gaps.length; i++) gaps[i] = more[i] - less[i];
        final Estimate gap = of(gaps);
        final String verdict = !(Math.abs(gap.mean) > CLEAR * gap.error)
                ? "undecided"
                : gap.mean > 0 ? "**holds**" : "**does not hold**";
        return what + ": " + of(less) + " against " + of(more) + ", a difference of " + gap + ", " + verdict + ".";
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
