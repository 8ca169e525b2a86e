package palindrome.ij1;

import java.io.UncheckedIOException;
import java.util.stream.Collectors;

/** What a failure says to the user. */
final class UserMessage {

    private static final int WIDTH = 80;

    private UserMessage() {}

    /**
     * Tells whether a failure was foreseen: there is a sentence for the user, and
     * the stack trace is of no use to anybody.
     */
    static boolean isForeseen(final Throwable failure) {
        if (failure instanceof OutOfMemoryError) return true;
        return failure.getMessage() != null
                && (isOurs(failure)
                        || failure instanceof IllegalArgumentException
                        || failure instanceof IllegalStateException
                        || failure instanceof ArithmeticException
                        || failure instanceof UnsupportedOperationException
                        || failure instanceof UncheckedIOException);
    }

    /** Palindrome's own exceptions are made to be read. */
    private static boolean isOurs(final Throwable failure) {
        return failure.getClass().getName().startsWith("palindrome.");
    }

    /** One sentence for the user. */
    static String of(final Throwable failure) {
        if (failure instanceof UncheckedIOException io)
            return io.getCause().getMessage() == null
                    ? io.getCause().toString()
                    : io.getCause().getMessage();
        if (failure instanceof OutOfMemoryError)
            return "ImageJ ran out of memory: take a smaller image, close images, or raise the limit in"
                    + " Edit>Options>Memory & Threads.";
        if (isForeseen(failure)) return failure.getMessage();
        return "Stopped by an internal error (" + failure + "); the log has the details.";
    }

    /** Breaks sentences into lines for ImageJ's windows, which do not. */
    static String wrap(final String message) {
        return message.lines().map(UserMessage::wrapLine).collect(Collectors.joining("\n"));
    }

    private static String wrapLine(final String message) {
        final StringBuilder out = new StringBuilder();
        int column = 0;
        for (final String word : message.split(" ")) {
            if (column > 0 && column + word.length() > WIDTH) {
                out.append('\n');
                column = 0;
            } else if (column > 0) out.append(' ');
            out.append(word);
            column += word.length() + 1;
        }
        return out.toString();
    }
}
