package palindrome.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepRandomTest {

    private static final int STEPS = 1000;
    private static final int NUMBERS = 200;

    private static long[] numbers(final long step) {
        final var random = StepRandom.of(step);
        return LongStream.generate(random::nextLong).limit(NUMBERS).toArray();
    }

    @Test
    void aStepMakesTheSameChoicesAgain() {
        assertArrayEquals(numbers(12345), numbers(12345));
    }

    /** Also no shifted ones: a stream that begins one number later shows a step almost what the last one saw. */
    @Test
    void noTwoStepsShareAChoice() {
        final Set<Long> seen = new HashSet<>();
        for (long step = 0; step < STEPS; step++) for (final long number : numbers(step)) seen.add(number);
        assertEquals(STEPS * NUMBERS, seen.size());
    }
}
