package palindrome.ij1;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How one piece of text is written inside a macro option string, so that any
 * text survives: brackets where blanks or brackets occur, and JSON's
 * {@code \}{@code uXXXX} for everything that ImageJ's macro files and recorder
 * cannot carry (non-ASCII characters, line breaks, unbalanced brackets).
 */
final class MacroText {

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    /** A string literal of the macro language, as a regular expression without groups. */
    static final String LITERAL = "(?:\"(?:[^\"\\\\]++|\\\\.)*+\"|'(?:[^'\\\\]++|\\\\.)*+')";

    private MacroText() {}

    /** Text as an option value, ASCII only; {@link #decode} undoes it. */
    static String encode(final String text) {
        final boolean bracketsPair = bracketsPair(text);
        final StringBuilder out = new StringBuilder();
        final Matcher escape = ESCAPE.matcher(text);
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            final boolean lookalike =
                    c == '\\' && escape.region(i, text.length()).lookingAt();
            final boolean loneBracket = (c == '[' || c == ']') && !bracketsPair;
            if (c < ' ' || c > '~' || lookalike || loneBracket) out.append(String.format("\\u%04x", (int) c));
            else out.append(c);
        }
        return needsBrackets(text) ? "[" + out + "]" : out.toString();
    }

    /** Replaces the escapes of {@link #encode} by what they stand for. */
    static String decode(final String value) {
        return ESCAPE.matcher(value)
                .replaceAll(
                        match -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(match.group(1), 16))));
    }

    /** An ASCII text as a string literal of the macro language. */
    static String literal(final String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /**
     * A whole string literal of the macro language, in double or single quotes, as its text.
     *
     * @throws IllegalArgumentException if it is none
     */
    static String ofLiteral(final String literal) {
        if (!literal.matches(LITERAL)) throw new IllegalArgumentException("'" + literal + "' is no string in quotes.");
        return literal.substring(1, literal.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    private static boolean needsBrackets(final String text) {
        return text.isEmpty() || text.startsWith("'") || text.chars().anyMatch(c -> c == ' ' || c == '[' || c == ']');
    }

    private static boolean bracketsPair(final String text) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '[') depth++;
            else if (text.charAt(i) == ']' && --depth < 0) return false;
        }
        return depth == 0;
    }
}
