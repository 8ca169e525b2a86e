package palindrome.edit;

/** A user who cancels when the host has been asked so many times. */
public final class CancelAfter implements Progress {

    private final int questions;
    private int asked;
    private long steps;

    /** @param questions how often "canceled?" is answered no */
    public CancelAfter(final int questions) {
        this.questions = questions;
    }

    @Override
    public void stage(final String name) {
        // all the same
    }

    @Override
    public void step(final long done, final long total) {
        steps = done;
    }

    @Override
    public boolean canceled() {
        return ++asked > questions;
    }

    /** @return how often it was asked */
    public int asked() {
        return asked;
    }

    /** @return steps that were done */
    public long steps() {
        return steps;
    }
}
