package palindrome.model.hub;

import palindrome.model.ModelException;

/**
 * A model that the hub does not give, or not whole, with one sentence for the
 * user on why and what to do.
 */
public class HubException extends ModelException {

    private static final long serialVersionUID = 1L;

    HubException(final String message) {
        super(message);
    }

    HubException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
