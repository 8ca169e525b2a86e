package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactFloatsTest {

    @Test
    void everyIntegerSurvives() {
        Random random = new Random(7);
        for (int bits = 1; bits <= 64; bits++) {
            long[] values = new long[200];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextLong() >> (64 - bits);
            }
            check(values);
            long edge = 1L << (bits - 1);
            check(new long[] {edge, -edge, edge - 1, -edge + 1, edge + 1, -edge - 1, 0});
        }
        check(new long[] {Long.MAX_VALUE, Long.MIN_VALUE, -1, 1, 1L << 23, (1L << 23) - 1, -(1L << 23), 1L << 47});
    }

    private static void check(long[] values) {
        List<float[]> planes = ExactFloats.split(values);
        assertTrue(planes.size() <= 3);
        for (float[] plane : planes) {
            for (float digit : plane) {
                assertEquals((int) digit, digit);
                assertTrue(digit >= -(1 << 23) && digit < 1 << 23);
            }
        }
        assertArrayEquals(values, ExactFloats.join(planes, values.length));
    }

    @Test
    void noMorePlanesThanNeeded() {
        assertEquals(0, ExactFloats.split(new long[3]).size());
        assertEquals(
                1, ExactFloats.split(new long[] {(1 << 23) - 1, -(1 << 23)}).size());
        assertEquals(2, ExactFloats.split(new long[] {1 << 23}).size());
    }
}
