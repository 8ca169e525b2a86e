package palindrome.command;

/**
 * A text that a command makes, to be shown in a window of its own.
 *
 * @param title of the window
 * @param text its lines
 */
public record TextReport(String title, String text) {

    /** The text alone, as scripts print it. */
    @Override
    public String toString() {
        return text;
    }
}
