package palindrome.ij1;

import ij.IJ;
import ij.Macro;
import ij.gui.GenericDialog;
import ij.macro.Interpreter;
import ij.process.ImageProcessor;
import ij.text.TextPanel;
import ij.text.TextWindow;
import java.awt.Font;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;

/** ImageJ's status line and progress bar, and its Log window for notes. */
final class MainWindowDisplay implements RunDisplay {

    private static final long INTERVAL = 100_000_000L;

    private static final int REPORT_WIDTH = 900;
    private static final int REPORT_HEIGHT = 600;

    private final Pace pace;
    private final PreviewWindow preview;

    /** @param nanoTime the clock, {@link System#nanoTime} */
    MainWindowDisplay(final LongSupplier nanoTime) {
        pace = new Pace(INTERVAL, nanoTime);
        preview = new PreviewWindow(nanoTime);
    }

    @Override
    public void stage(final String text) {
        IJ.showStatus(text + "...");
    }

    @Override
    public void step(final String text, final double fraction) {
        if (!pace.isDue() && fraction < 1) return;
        IJ.showStatus(text + " (Esc cancels)");
        IJ.showProgress(fraction);
    }

    @Override
    public void note(final String text) {
        IJ.log(UserMessage.wrap(text));
    }

    /** NB: a macro in batch mode asks for no windows. */
    @Override
    public boolean wantsEstimate() {
        return !Interpreter.isBatchMode() && preview.isDue();
    }

    @Override
    public void estimate(final String title, final RandomAccessibleInterval<DoubleType> image) {
        preview.show(title, image);
    }

    @Override
    public boolean wantsStop() {
        return preview.isStopped();
    }

    @Override
    public Optional<ImageProcessor> kept() {
        return preview.kept();
    }

    /** NB: a dialog would stop a macro that nobody watches. */
    @Override
    public OptionalInt choose(final String title, final String question, final List<String> answers) {
        // NB: with options, as scripts give them, ImageJ's dialogs answer themselves.
        if (Interpreter.getInstance() != null || Macro.getOptions() != null) return OptionalInt.empty();
        final GenericDialog dialog = new GenericDialog(title);
        dialog.addMessage(question);
        dialog.addRadioButtonGroup("", answers.toArray(String[]::new), answers.size(), 1, answers.get(0));
        dialog.showDialog();
        return dialog.wasCanceled()
                ? OptionalInt.empty()
                : OptionalInt.of(answers.indexOf(dialog.getNextRadioButton()));
    }

    @Override
    public void report(final String title, final String text) {
        final TextPanel panel = new TextWindow(title, text, REPORT_WIDTH, REPORT_HEIGHT).getTextPanel();
        // its columns are made of blanks
        panel.setFont(new Font(Font.MONOSPACED, Font.PLAIN, panel.getFont().getSize()), true);
    }

    /** Clears the progress bar as well, which ImageJ leaves standing otherwise. */
    @Override
    public void end(final String text) {
        preview.close();
        IJ.showProgress(1.0);
        IJ.showStatus(text);
    }
}
