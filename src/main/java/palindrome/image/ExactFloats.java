package palindrome.image;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes 64-bit integers as planes of floats that hold integers exactly: digits in [-2^23, 2^23) to the base 2^24, the
 * lowest first, as few planes as the largest integer needs. Three planes hold any integer, so nothing can overflow.
 */
final class ExactFloats {

    private static final int BITS = 24;
    private static final long BASE = 1L << BITS;
    private static final long HALF = BASE / 2;

    private ExactFloats() {}

    /** The digits of the integers; no plane if all are zero. */
    static List<float[]> split(long[] values) {
        List<float[]> planes = new ArrayList<>();
        long[] rest = values.clone();
        while (!isZero(rest)) {
            float[] digits = new float[rest.length];
            for (int i = 0; i < rest.length; i++) {
                long digit = Math.floorMod(rest[i] + HALF, BASE) - HALF;
                digits[i] = digit;
                // NB: wraps around near 2^63, and join wraps back.
                rest[i] = (rest[i] - digit) >> BITS;
            }
            planes.add(digits);
        }
        return planes;
    }

    /** The integers of digits. */
    static long[] join(List<float[]> planes, int size) {
        long[] values = new long[size];
        for (int k = 0; k < planes.size(); k++) {
            float[] digits = planes.get(k);
            for (int i = 0; i < size; i++) {
                values[i] += (long) digits[i] << BITS * k;
            }
        }
        return values;
    }

    private static boolean isZero(long[] values) {
        for (long value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}
