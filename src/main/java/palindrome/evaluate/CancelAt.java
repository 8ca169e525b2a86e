package palindrome.evaluate;

import palindrome.edit.Progress;

/** A user who cancels some time after a stage of an operation began, and waits for the answer. */
final class CancelAt implements Progress {

    private final String stage;
    private final double seconds;
    private Stopwatch running;

    /**
     * @param stage name of the stage, as the operation announces it
     * @param seconds from its beginning to the cancel
     */
    CancelAt(final String stage, final double seconds) {
        this.stage = stage;
        this.seconds = seconds;
    }

    @Override
    public void stage(final String name) {
        if (running == null && name.equals(stage)) running = Stopwatch.start();
    }

    @Override
    public void step(final long done, final long total) {
        // only time counts
    }

    @Override
    public boolean canceled() {
        return waited() >= 0;
    }

    /** @return seconds since the cancel; negative before it, and where the stage was never reached */
    double waited() {
        return running == null ? -1 : running.elapsed().seconds() - seconds;
    }
}
