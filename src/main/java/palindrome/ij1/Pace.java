package palindrome.ij1;

import java.util.function.LongSupplier;

/** Keeps what happens often from being shown too often. */
final class Pace {

    private final long interval;
    private final LongSupplier nanoTime;
    private long last;

    /**
     * @param interval shortest time between two showings, and before the first one, in nanoseconds
     * @param nanoTime the clock
     */
    Pace(final long interval, final LongSupplier nanoTime) {
        this.interval = interval;
        this.nanoTime = nanoTime;
        last = nanoTime.getAsLong();
    }

    /** Tells whether it is time to show something; whoever is told so shows it now. */
    boolean isDue() {
        final long now = nanoTime.getAsLong();
        if (now - last < interval) return false;
        last = now;
        return true;
    }
}
