package palindrome.ij1;

import ij.IJ;
import ij.process.ImageProcessor;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;

/** Lines for who runs a macro without a window; a short run prints no progress. */
final class PrintedDisplay implements RunDisplay {

    private static final long INTERVAL = 2_000_000_000L;

    private final PrintStream out;
    private final Pace pace;

    /**
     * @param out where to print
     * @param nanoTime the clock, {@link System#nanoTime}
     */
    PrintedDisplay(final PrintStream out, final LongSupplier nanoTime) {
        this.out = out;
        pace = new Pace(INTERVAL, nanoTime);
    }

    @Override
    public void stage(final String text) {
        print(text + "...");
    }

    @Override
    public void step(final String text, final double fraction) {
        print(text);
    }

    @Override
    public void note(final String text) {
        out.println(text);
    }

    /** NB: where the macro's output goes, which is where a log without a window goes. */
    @Override
    public void report(final String title, final String text) {
        IJ.log(text);
    }

    @Override
    public boolean wantsEstimate() {
        return false;
    }

    @Override
    public void estimate(final String title, final RandomAccessibleInterval<DoubleType> image) {
        // there is no window to show it in
    }

    @Override
    public boolean wantsStop() {
        return false;
    }

    @Override
    public Optional<ImageProcessor> kept() {
        return Optional.empty();
    }

    @Override
    public OptionalInt choose(final String title, final String question, final List<String> answers) {
        return OptionalInt.empty();
    }

    @Override
    public void end(final String text) {
        // the macro's own output goes on from here
    }

    private void print(final String text) {
        if (pace.isDue()) out.println(text);
    }
}
