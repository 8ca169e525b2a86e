package palindrome.model;

import java.text.Normalizer;
import java.util.Locale;

/**
 * What CLIP's reference tokenizer does to a text before it looks for tokens.
 * <p>
 * That is the basic tokenizer of BERT without its accent stripping and
 * punctuation splitting: control and format characters are dropped, ideographs
 * stand alone, the text is composed (NFC), white space collapses and letters
 * become lower-case. The native tokenizer does less, and would give other
 * tokens for zero-width joiners, soft hyphens, Chinese and control characters.
 */
final class PromptCleaner {

    private PromptCleaner() {}

    /**
     * @param text any text
     * @return the cleaned text, words separated by one blank
     */
    static String clean(final String text) {
        final StringBuilder kept = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (isBlank(c)) kept.append(' ');
            else if (isDropped(c)) return;
            else if (isIdeograph(c)) kept.append(' ').appendCodePoint(c).append(' ');
            else kept.appendCodePoint(c);
        });
        final String composed = Normalizer.normalize(kept, Normalizer.Form.NFC);
        return composed.strip().replaceAll(" +", " ").toLowerCase(Locale.ROOT);
    }

    private static boolean isBlank(final int c) {
        if (c == '\t' || c == '\n' || c == '\r') return true;
        final int type = Character.getType(c);
        return type == Character.SPACE_SEPARATOR
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static boolean isDropped(final int c) {
        if (c == 0xFFFD) return true;
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** The blocks BERT counts as Chinese; kana and hangul are not among them. */
    private static boolean isIdeograph(final int c) {
        return in(c, 0x4E00, 0x9FFF)
                || in(c, 0x3400, 0x4DBF)
                || in(c, 0x20000, 0x2A6DF)
                || in(c, 0x2A700, 0x2CEAF)
                || in(c, 0xF900, 0xFAFF)
                || in(c, 0x2F800, 0x2FA1F);
    }

    private static boolean in(final int c, final int first, final int last) {
        return c >= first && c <= last;
    }
}
