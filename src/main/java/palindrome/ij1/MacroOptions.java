package palindrome.ij1;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The option string of a macro's {@code run("Command...", "options")}, split
 * into keys and values.
 * <p>
 * Grammar: entries separated by blanks, each {@code key=value} or a bare
 * {@code key}. A value is one word, or any text in balanced brackets
 * ({@code prompt=[two [nested] words]}), or any text in single quotes. What
 * stands inside brackets or quotes is never taken for a key, unlike in
 * {@link ij.Macro#getValue}, whose search for {@code steps=} enters prompts.
 * {@code \}{@code uXXXX} stands for a character.
 * </p>
 */
public final class MacroOptions {

    /** No option at all. */
    static final MacroOptions NONE = new MacroOptions(Map.of());

    /** Values by key in the order written; a bare key has an empty Optional. */
    private final Map<String, Optional<String>> values;

    private MacroOptions(final Map<String, Optional<String>> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /** Options with these values, in this order; empty for a bare key. */
    static MacroOptions of(final Map<String, Optional<String>> values) {
        return new MacroOptions(new LinkedHashMap<>(values));
    }

    /** The values by key, in the order written; empty for a bare key. */
    public Map<String, Optional<String>> values() {
        return values;
    }

    /**
     * Splits an option string.
     *
     * @throws IllegalArgumentException if a bracket or quote is not closed, a key
     *           is missing or comes twice, or text follows a closing bracket
     */
    public static MacroOptions parse(final String options) {
        return new MacroOptions(new Scanner(options).entries());
    }

    /** These options and others, which win where both have a key. */
    MacroOptions with(final MacroOptions others) {
        final Map<String, Optional<String>> both = new LinkedHashMap<>(values);
        both.putAll(others.values);
        return new MacroOptions(both);
    }

    /** These options without one key. */
    MacroOptions without(final String key) {
        final Map<String, Optional<String>> rest = new LinkedHashMap<>(values);
        rest.remove(key);
        return new MacroOptions(rest);
    }

    /** The option string that has these values, ASCII only; {@link #parse} undoes it. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey()
                        + entry.getValue()
                                .map(value -> "=" + MacroText.encode(value))
                                .orElse(""))
                .collect(Collectors.joining(" "));
    }

    /** Walks once over the text. */
    private static final class Scanner {

        private final String text;
        private int at;

        Scanner(final String text) {
            this.text = text;
        }

        Map<String, Optional<String>> entries() {
            final Map<String, Optional<String>> entries = new LinkedHashMap<>();
            for (skipBlanks(); at < text.length(); skipBlanks()) {
                final String key = key();
                final Optional<String> value = at < text.length() && text.charAt(at) == '='
                        ? Optional.of(MacroText.decode(value(key)))
                        : Optional.empty();
                if (entries.put(key, value) != null)
                    throw new IllegalArgumentException("'" + key + "' is given twice in the macro options.");
            }
            return entries;
        }

        private void skipBlanks() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        }

        private String key() {
            final int start = at;
            while (at < text.length() && text.charAt(at) != '=' && !Character.isWhitespace(text.charAt(at))) at++;
            final String key = text.substring(start, at);
            if (key.isEmpty())
                throw new IllegalArgumentException(
                        "The macro options have a '=' without a key in front: '" + excerpt(start) + "'.");
            if (key.indexOf('[') >= 0 || key.indexOf(']') >= 0)
                throw new IllegalArgumentException(
                        "'" + key + "' in the macro options has a bracket that belongs to no value:"
                                + " write key=[text in balanced brackets].");
            return key;
        }

        /** Reads the value after {@code key=}. */
        private String value(final String key) {
            final int start = ++at;
            if (at == text.length()) return "";
            final char first = text.charAt(at);
            final int end = first == '[' ? closingBracket(key) : first == '\'' ? closingQuote(key) : -1;
            if (end < 0) return word(key);
            at = end + 1;
            if (at < text.length() && !Character.isWhitespace(text.charAt(at)))
                throw new IllegalArgumentException("The value of '" + key + "' goes on after its closing "
                        + text.charAt(end) + ": '" + excerpt(start) + "'.");
            return text.substring(start + 1, end);
        }

        private int closingBracket(final String key) {
            int depth = 0;
            for (int i = at; i < text.length(); i++) {
                if (text.charAt(i) == '[') depth++;
                else if (text.charAt(i) == ']' && --depth == 0) return i;
            }
            throw unbalanced(key);
        }

        private int closingQuote(final String key) {
            final int end = text.indexOf('\'', at + 1);
            if (end < 0)
                throw new IllegalArgumentException(
                        "The value of '" + key + "' starts with a quote that is never closed: '" + excerpt(at) + "'.");
            return end;
        }

        private String word(final String key) {
            final int start = at;
            int depth = 0;
            while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                if (text.charAt(at) == '[') depth++;
                else if (text.charAt(at) == ']' && --depth < 0) throw unbalanced(key);
                at++;
            }
            if (depth != 0) throw unbalanced(key);
            return text.substring(start, at);
        }

        private IllegalArgumentException unbalanced(final String key) {
            return new IllegalArgumentException("The brackets in the value of '" + key + "' are not balanced: write "
                    + key + "=[text], and \\u005b and \\u005d for lone brackets in it.");
        }

        private String excerpt(final int start) {
            return text.substring(start, Math.min(text.length(), start + 40));
        }
    }
}
