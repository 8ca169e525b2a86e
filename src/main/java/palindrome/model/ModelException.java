package palindrome.model;

import java.io.IOException;

/**
 * A checkpoint that cannot be used, with one sentence for the user that names
 * the file, what is wrong with it and what to do.
 */
public class ModelException extends IOException {

    private static final long serialVersionUID = 1L;

    private static final int MAX_LENGTH = 1000;

    public ModelException(final String message) {
        super(readable(message));
    }

    public ModelException(final String message, final Throwable cause) {
        super(readable(message), cause);
    }

    /** Names and values out of damaged files may hold anything, and be of any length. */
    private static String readable(final String message) {
        final String line = message.replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() <= MAX_LENGTH
                ? line
                : line.substring(0, MAX_LENGTH / 2) + " ... " + line.substring(line.length() - MAX_LENGTH / 2);
    }
}
