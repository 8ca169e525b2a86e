package palindrome.model;

import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The tokenizer of OpenAI's CLIP, which single-file checkpoints rely on without
 * bringing it. Only its merges are kept; the vocabulary follows from them: 256
 * byte symbols, the same as ends of words, one token a merge, and two special
 * ones.
 */
final class ClipVocabulary {

    private static final String MERGES = "clip/merges.txt.gz";
    private static final String END_OF_WORD = "</w>";
    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final int LENGTH = 77;

    private ClipVocabulary() {}

    /**
     * @param pad token that fills up: {@code <|endoftext|>} for CLIP-L, {@code !}
     *          for OpenCLIP
     * @return the tokenizer's files
     * @throws IOException if this build lacks them
     */
    static TokenizerFiles files(final String pad) throws IOException {
        final List<String> merges = merges();
        final JsonObject vocabulary = new JsonObject();
        byteSymbols().forEach(symbol -> add(vocabulary, symbol));
        byteSymbols().forEach(symbol -> add(vocabulary, symbol + END_OF_WORD));
        merges.forEach(pair -> add(vocabulary, pair.replace(" ", "")));
        add(vocabulary, START);
        add(vocabulary, END);
        return new TokenizerFiles("the plugin", vocabulary, merges, START, END, pad, LENGTH);
    }

    private static void add(final JsonObject vocabulary, final String token) {
        vocabulary.addProperty(token, vocabulary.size());
    }

    /** Printable bytes stand for themselves and come first; the others are shifted to U+0100 and up. */
    private static List<String> byteSymbols() {
        final StringBuilder printable = new StringBuilder();
        final StringBuilder shifted = new StringBuilder();
        for (int b = 0; b < 256; b++) {
            final boolean prints = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            if (prints) printable.append((char) b);
            else shifted.append((char) (256 + shifted.length()));
        }
        return printable.append(shifted).chars().mapToObj(Character::toString).toList();
    }

    private static List<String> merges() throws IOException {
        try (InputStream in = ClipVocabulary.class.getResourceAsStream(MERGES)) {
            if (in == null)
                throw new ModelException("This build of Palindrome has no tokenizer (" + MERGES
                        + "). Install the plugin again, or use a model in diffusers' layout.");
            return new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))
                    .lines()
                    .toList();
        }
    }
}
