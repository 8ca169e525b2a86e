package palindrome.model.hub;

import java.time.Duration;
import java.util.Optional;

/** A failure that may be over in a moment: try again. */
final class TransientException extends HubException {

    private static final long serialVersionUID = 1L;

    /** What the server asks to wait, null if it does not say. */
    private final Duration pause;

    TransientException(final String message, final Throwable cause) {
        super(message, cause);
        pause = null;
    }

    TransientException(final String message, final Optional<Duration> pause) {
        super(message);
        this.pause = pause.orElse(null);
    }

    Optional<Duration> pause() {
        return Optional.ofNullable(pause);
    }
}
