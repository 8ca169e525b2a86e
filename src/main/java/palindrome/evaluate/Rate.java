package palindrome.evaluate;

/**
 * Floating-point operations per second.
 *
 * @param wall per second by the clock: what a user sees, and what other programs disturb
 * @param processor per second of processor time, one core's: little disturbed by others
 */
record Rate(double wall, double processor) {

    /** @return this rate over the middle of two others, each by its own clock */
    Rate over(final Rate before, final Rate after) {
        return new Rate(wall / mean(before.wall, after.wall), processor / mean(before.processor, after.processor));
    }

    /** The rate of as much work in the sum of both times. */
    private static double mean(final double a, final double b) {
        return 2 / (1 / a + 1 / b);
    }
}
