package palindrome.edit;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;

/**
 * What a running operation tells its host, and the questions it asks back.
 * <p>
 * An operation announces each stage once ("Loading model", "Inverting"), then
 * reports finished steps of that stage, one report a network call. All methods
 * are called from the thread that runs the operation and must return quickly;
 * throttling, remaining-time estimates and the user interface are the host's.
 * </p>
 */
public interface Progress {

    /** Reports to nobody and never cancels. */
    Progress NONE = new Progress() {

        @Override
        public void stage(final String name) {
            // nobody listens
        }

        @Override
        public void step(final long done, final long total) {
            // nobody listens
        }

        @Override
        public boolean canceled() {
            return false;
        }
    };

    /**
     * Announces that a new stage begins; its step count starts at zero.
     *
     * @param name short text for a status line, such as {@code "Inverting"}
     */
    void stage(String name);

    /**
     * Says something to be read later too, such as that a run begins again.
     *
     * @param sentence for the user
     */
    default void note(final String sentence) {
        stage(sentence);
    }

    /**
     * Reports finished work of the current stage.
     *
     * @param done finished steps, between 0 and {@code total} inclusive
     * @param total steps of this stage, at least 1
     */
    void step(long done, long total);

    /**
     * Asks the user something that an operation cannot know.
     *
     * @param question one or two sentences
     * @param answers at least two, the likely one first
     * @return the place of the answer, empty if nobody can be asked or there was none
     */
    default OptionalInt choose(final String question, final List<String> answers) {
        return OptionalInt.empty();
    }

    /**
     * Asks whether a picture of the image as it forms would be looked at now. Making one costs a little, so it is asked
     * at every network evaluation, and the answer is mostly no.
     */
    default boolean wantsEstimate() {
        return false;
    }

    /**
     * Shows what the image would be if it were finished now. Called only where {@link #wantsEstimate()} said yes.
     *
     * @param image numbers with the axes X, Y and channel, about [−1, 1]; of a latent model at the size of its states
     */
    default void estimate(final RandomAccessibleInterval<DoubleType> image) {
        // nobody looks
    }

    /**
     * Asks whether the user wants the operation to stop. Once true, it stays true
     * for this operation.
     */
    boolean canceled();

    /**
     * Leaves the operation when the user has canceled it. Call it before every
     * network call.
     *
     * @throws CancellationException if {@link #canceled()}
     */
    default void checkCanceled() {
        if (canceled()) throw new CancellationException("Canceled by the user.");
    }
}
