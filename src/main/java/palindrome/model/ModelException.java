package palindrome.model;

import java.io.IOException;

/**
 * A checkpoint that cannot be used, with one sentence for the user that names
 * the file, what is wrong with it and what to do.
 */
public class ModelException extends IOException {

    private static final long serialVersionUID = 1L;

    public ModelException(final String message) {
        super(message);
    }

    public ModelException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
