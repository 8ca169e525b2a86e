package palindrome.ij1;

import ij.IJ;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.edit.Progress;

/** Progress as text with the remaining time, for a display; Esc in ImageJ cancels. */
final class ImageJProgress implements Progress, AutoCloseable {

    private final String title;
    private final RunDisplay display;
    private final Progress companion;
    private final LongSupplier nanoTime;
    private String stage = "";
    private RemainingTime remaining;
    private boolean canceled;

    /**
     * @param title the command, shown in front of the stage
     * @param display shows it
     * @param companion hears everything too and may cancel as well, such as a
     *          SciJava task in Fiji
     * @param nanoTime the clock, {@link System#nanoTime}
     */
    ImageJProgress(
            final String title, final RunDisplay display, final Progress companion, final LongSupplier nanoTime) {
        this.title = title;
        this.display = display;
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
        display.stage(title + ": " + name);
        companion.stage(name);
    }

    @Override
    public void note(final String sentence) {
        display.note(title + ": " + sentence);
        companion.note(sentence);
    }

    @Override
    public void step(final long done, final long total) {
        final OptionalLong left = remaining.after(done, total, nanoTime.getAsLong());
        display.step(title + ": " + status(done, total, left), (double) done / total);
        companion.step(done, total);
    }

    @Override
    public OptionalInt choose(final String question, final List<String> answers) {
        return display.choose(title, question, answers);
    }

    @Override
    public boolean wantsEstimate() {
        return display.wantsEstimate();
    }

    @Override
    public void estimate(final RandomAccessibleInterval<DoubleType> image) {
        display.estimate(title, image);
    }

    @Override
    public boolean canceled() {
        canceled |= IJ.escapePressed() || companion.canceled() || display.wantsStop();
        return canceled;
    }

    @Override
    public void close() {
        display.end(title + (canceled ? " canceled" : ""));
    }

    private String status(final long done, final long total, final OptionalLong left) {
        final String steps = stage + " " + done + "/" + total;
        return left.isEmpty() || done == total
                ? steps
                : steps + ", " + RemainingTime.format(left.getAsLong()) + " left";
    }
}
