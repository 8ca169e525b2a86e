package palindrome.model.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/**
 * Repeats what failed for the moment, after a pause that doubles each time or
 * that the server asks for.
 */
final class Retries {

    /** One try. */
    interface Attempt<T> {

        T run() throws IOException;
    }

    private static final long SLICE_MS = 100;

    private final HubTiming timing;
    private final HubProgress progress;
    private int failures;

    Retries(final HubTiming timing, final HubProgress progress) {
        this.timing = timing;
        this.progress = progress;
    }

    /**
     * @param attempt what to do
     * @return its result
     * @throws HubException if it cannot succeed, or failed too often
     * @throws CancellationException if the user canceled
     */
    <T> T run(final Attempt<T> attempt) throws IOException {
        failures = 0;
        while (true) {
            try {
                return attempt.run();
            } catch (final TransientException exc) {
                if (++failures > timing.retries()) throw exc;
                pause(exc);
            }
        }
    }

    /** Bytes have come: the connection is alive, and failures are counted anew. */
    void progressed() {
        failures = 0;
    }

    private void pause(final TransientException exc) throws HubException {
        final Duration pause = exc.pause().orElse(timing.backoff().multipliedBy(1L << (failures - 1)));
        if (pause.compareTo(timing.longestPause()) > 0)
            throw new HubException(
                    exc.getMessage() + " It asks to come back in " + pause.toSeconds() + " s: try again then.", exc);
        final long end = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
                progress.checkCanceled();
                Thread.sleep(Math.min(left, SLICE_MS));
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The download was interrupted.");
        }
    }
}
