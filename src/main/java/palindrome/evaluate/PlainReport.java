package palindrome.evaluate;

import java.util.regex.Pattern;

/**
 * A text of headings and lines to paste into a forum. The user's home folder is shown as {@code ~}, and the name and
 * password in an address not at all.
 */
final class PlainReport {

    private static final int WIDTH = 20;
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/@\\s]+@");

    private final StringBuilder text = new StringBuilder();
    private final Pattern home;

    PlainReport() {
        this(System.getProperty("user.home"));
    }

    PlainReport(final String home) {
        // NB: not the beginning of the name of another folder
        this.home = Pattern.compile(Pattern.quote(home) + "(?![\\w.-])");
    }

    void heading(final String heading) {
        if (!text.isEmpty()) text.append('\n');
        text.append(heading).append('\n');
    }

    void line(final String name, final Object value) {
        final String shown = CREDENTIALS
                .matcher(home.matcher(String.valueOf(value)).replaceAll("~"))
                .replaceAll("//");
        text.append(
                String.format("  %-" + WIDTH + "s  %s%n", name, shown.strip().replaceAll("\\R", "; ")));
    }

    @Override
    public String toString() {
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
