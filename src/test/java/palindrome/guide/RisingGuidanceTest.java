package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RisingGuidanceTest {

    @Test
    void fromOneAtTheImageToTheWholeScale() {
        final int steps = 5;
        for (int node = 1; node <= steps; node++)
            assertEquals(1 + 0.5 * (node - 1), RisingGuidance.scale(3, node, steps), 1e-15);
        assertEquals(1, RisingGuidance.scale(3, 1, 7), 0);
        assertEquals(3, RisingGuidance.scale(3, 7, 7), 0);
        assertEquals(3, RisingGuidance.scale(3, 1, 1), 0);
        for (int node = 1; node <= 7; node++) assertEquals(1, RisingGuidance.scale(1, node, 7), 0);
        assertEquals(.5, RisingGuidance.scale(0, 2, 3), 1e-15);
    }
}
