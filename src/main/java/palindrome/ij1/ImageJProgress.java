package palindrome.ij1;

import ij.IJ;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import palindrome.edit.Progress;

/**
 * Progress in ImageJ's status line and progress bar, with the remaining time;
 * Esc cancels. The status line is written at most ten times a second.
 */
final class ImageJProgress implements Progress, AutoCloseable {

    private static final long INTERVAL = 100_000_000L;

    private final String title;
    private final Progress companion;
    private final LongSupplier nanoTime;
    private String stage = "";
    private RemainingTime remaining;
    private long lastShown;
    private boolean canceled;

    /**
     * @param title the command, shown in front of the stage
     * @param companion hears everything too and may cancel as well, such as a
     *          SciJava task in Fiji
     * @param nanoTime the clock, {@link System#nanoTime}
     */
    ImageJProgress(final String title, final Progress companion, final LongSupplier nanoTime) {
        this.title = title;
        this.companion = companion;
        this.nanoTime = nanoTime;
        remaining = new RemainingTime(nanoTime.getAsLong());
        // an Esc pressed before this command started is not meant for it
        IJ.resetEscape();
    }

    @Override
    public void stage(final String name) {
        stage = name;
        remaining = new RemainingTime(nanoTime.getAsLong());
        IJ.showStatus(title + ": " + name + "...");
        companion.stage(name);
    }

    @Override
    public void step(final long done, final long total) {
        final long now = nanoTime.getAsLong();
        final OptionalLong left = remaining.after(done, total, now);
        if (now - lastShown >= INTERVAL || done == total) {
            lastShown = now;
            IJ.showStatus(title + ": " + status(done, total, left));
            IJ.showProgress((double) done / total);
        }
        companion.step(done, total);
    }

    @Override
    public boolean canceled() {
        canceled |= IJ.escapePressed() || companion.canceled();
        return canceled;
    }

    /** Clears the progress bar, which ImageJ leaves standing otherwise. */
    @Override
    public void close() {
        IJ.showProgress(1.0);
        IJ.showStatus(title + (canceled ? " canceled" : ""));
    }

    private String status(final long done, final long total, final OptionalLong left) {
        final String steps = stage + " " + done + "/" + total;
        return left.isEmpty() || done == total
                ? steps
                : steps + ", " + RemainingTime.format(left.getAsLong()) + " left (Esc cancels)";
    }
}
