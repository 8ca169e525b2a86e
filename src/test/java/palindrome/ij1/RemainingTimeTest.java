package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RemainingTimeTest {

    private static final long S = 1_000_000_000L;

    @Test
    void extrapolatesMeasuredStepsWithoutTheFirst() {
        final RemainingTime remaining = new RemainingTime(100 * S);
        assertEquals(OptionalLong.empty(), remaining.after(0, 10, 101 * S));
        assertEquals(OptionalLong.of(45 * S), remaining.after(1, 10, 105 * S), "first step took 5 s");
        assertEquals(OptionalLong.of(8 * S), remaining.after(2, 10, 106 * S), "warm steps take 1 s");
        assertEquals(OptionalLong.of(5 * S), remaining.after(5, 10, 109 * S));
        assertEquals(OptionalLong.of(0), remaining.after(10, 10, 114 * S));
    }

    @Test
    void readsLikeAClock() {
        assertEquals("8 s", RemainingTime.format(8 * S + 200_000_000));
        assertEquals("2 min 05 s", RemainingTime.format(125 * S));
        assertEquals("1 h 10 min", RemainingTime.format(4200 * S));
    }
}
