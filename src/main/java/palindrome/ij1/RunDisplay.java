package palindrome.ij1;

import ij.IJ;
import ij.process.ImageProcessor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;

/** Where the user sees how a run is going, and what it has to say besides its results. */
interface RunDisplay {

    /** ImageJ's main window if there is one, standard error if not. */
    static RunDisplay ofHost() {
        // NB: standard output belongs to the macro
        return IJ.getInstance() != null
                ? new MainWindowDisplay(System::nanoTime)
                : new PrintedDisplay(System.err, System::nanoTime);
    }

    /** Shows what begins now. */
    void stage(String text);

    /**
     * Shows how far the current stage is. May skip what follows the last text too soon.
     *
     * @param text the stage, its steps and the remaining time
     * @param fraction the part of the stage that is done, from 0 to 1
     */
    void step(String text, double fraction);

    /** Shows something to be read after the run, such as a warning. */
    void note(String text);

    /** Whether a picture of the image as it forms would be looked at now. */
    boolean wantsEstimate();

    /**
     * Shows the image as it forms.
     *
     * @param title the command
     * @param image numbers with the axes X, Y and channel (one or three), about [−1, 1]
     */
    void estimate(String title, RandomAccessibleInterval<DoubleType> image);

    /** Whether the user wants the run to stop, other than by Esc. */
    boolean wantsStop();

    /** The last picture of the image as it formed, where the user stopped the run to keep it. */
    Optional<ImageProcessor> kept();

    /**
     * Asks the user something.
     *
     * @return the place of the answer, empty if there was none
     */
    OptionalInt choose(String title, String question, List<String> answers);

    /** Shows a text that is what the command was run for. */
    void report(String title, String text);

    /** Shows that nothing is running any more. */
    void end(String text);
}
