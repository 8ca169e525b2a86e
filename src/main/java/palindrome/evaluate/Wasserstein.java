package palindrome.evaluate;

import java.util.Arrays;

/**
 * The Wasserstein-1 distance of two samples of numbers: how far values have to be moved, on the average, to turn one
 * distribution into the other. In the unit of the values.
 */
final class Wasserstein {

    private Wasserstein() {}

    /**
     * The area between the two empirical quantile functions.
     *
     * @param a at least one number; not changed
     * @param b at least one, maybe another count; not changed
     * @throws IllegalArgumentException if one of them is empty
     */
    static double distance(final double[] a, final double[] b) {
        if (a.length == 0 || b.length == 0)
            throw new IllegalArgumentException(
                    "A distance needs values on both sides, not " + a.length + " and " + b.length + ".");
        final double[] x = a.clone();
        final double[] y = b.clone();
        Arrays.sort(x);
        Arrays.sort(y);
        double area = 0;
        double reached = 0;
        int i = 0;
        int j = 0;
        while (i < x.length && j < y.length) {
            // NB: compared as whole numbers, so that equal ends are met together.
            final long endOfX = (long) (i + 1) * y.length;
            final long endOfY = (long) (j + 1) * x.length;
            final double end = Math.min(endOfX, endOfY) / ((double) x.length * y.length);
            area += (end - reached) * Math.abs(x[i] - y[j]);
            reached = end;
            if (endOfX <= endOfY) i++;
            if (endOfY <= endOfX) j++;
        }
        return area;
    }
}
