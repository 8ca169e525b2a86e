package palindrome.evaluate;

import palindrome.edit.Progress;

/** Counts the network calls of a whole series of runs, so that one bar and one remaining time cover them all. */
final class NetworkCalls implements Runnable {

    private final Progress progress;
    private final long expected;
    private long done;

    /**
     * @param progress told before every call, and asked whether to go on
     * @param expected number of calls, roughly; at least 1
     */
    NetworkCalls(final Progress progress, final long expected) {
        this.progress = progress;
        this.expected = expected;
    }

    /** @throws java.util.concurrent.CancellationException if the user canceled */
    @Override
    public void run() {
        progress.checkCanceled();
        progress.step(Math.min(done++, expected), expected);
    }
}
