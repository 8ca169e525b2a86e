package palindrome.model.hub;

import java.util.concurrent.CancellationException;

/**
 * What a long task here tells its host, and the one question it asks back. All
 * methods are called from the task's own thread and must return quickly.
 */
public interface HubProgress {

    /** Reports to nobody and never cancels. */
    HubProgress NONE = new HubProgress() {

        @Override
        public void stage(final String name) {
            // nobody listens
        }

        @Override
        public void bytes(final long done, final long total) {
            // nobody listens
        }

        @Override
        public boolean canceled() {
            return false;
        }
    };

    /** @param name short text for a status line, such as {@code "Downloading owner/name"} */
    void stage(String name);

    /**
     * @param done bytes of this stage that are finished, from 0 to {@code total}
     * @param total bytes of this stage, at least 1
     */
    void bytes(long done, long total);

    /** @return whether the user wants the task to stop; asked several times a second */
    boolean canceled();

    /** @throws CancellationException if {@link #canceled()} */
    default void checkCanceled() {
        if (canceled()) throw new CancellationException("Canceled by the user.");
    }
}
