package palindrome.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import palindrome.engine.TorchEngine;

/**
 * CLIP's byte-pair tokenizer: from a prompt to the ids of a text encoder, equal
 * to those of the Python reference for every input.
 * <p>
 * The text is cleaned here ({@link PromptCleaner}) and split into tokens by the
 * native Hugging Face library. Safe from several threads.
 */
public final class ClipTokenizer implements AutoCloseable {

    private final HuggingFaceTokenizer tokenizer;
    private final Pattern specialTokens;
    private final long start;
    private final long end;
    private final long pad;
    private final int length;
    private final long vocabularySize;

    private ClipTokenizer(final HuggingFaceTokenizer tokenizer, final TokenizerFiles files, final int length) {
        this.tokenizer = tokenizer;
        this.specialTokens = Pattern.compile(Pattern.quote(files.start()) + "|" + Pattern.quote(files.end()));
        this.start = files.id(files.start());
        this.end = files.id(files.end());
        this.pad = files.id(files.pad());
        this.length = length;
        this.vocabularySize = files.largestId() + 1;
    }

    /**
     * @param folder folder with {@code vocab.json} and {@code merges.txt}, and
     *          optionally {@code tokenizer_config.json} and
     *          {@code special_tokens_map.json}
     * @return the tokenizer, with the length its configuration gives (77 if it
     *         gives none)
     * @throws ModelException if a file is missing or damaged
     * @throws IOException if a file cannot be read
     */
    public static ClipTokenizer open(final Path folder) throws IOException {
        return of(TokenizerFiles.read(folder));
    }

    /**
     * @param files a vocabulary and its merges
     * @return the tokenizer they describe
     * @throws ModelException if they do not fit together
     */
    static ClipTokenizer of(final TokenizerFiles files) throws ModelException {
        return new ClipTokenizer(nativeTokenizer(files), files, files.maxLength());
    }

    /**
     * @return the number of ids of every text, end tokens and padding included
     */
    public int length() {
        return length;
    }

    /** @return one more than the largest id */
    public long vocabularySize() {
        return vocabularySize;
    }

    /**
     * @param text a prompt; may be empty
     * @return its ids, padded or truncated to {@link #length()}
     */
    public TokenIds encode(final String text) {
        return framed(tokens(text), 0);
    }

    /**
     * A text of any length in parts that an encoder can read, split wherever one is full.
     *
     * @param text a prompt; may be empty
     * @return the ids of each part, framed and padded to {@link #length()}; at least one
     */
    List<TokenIds> chunks(final String text) {
        final long[] tokens = tokens(text);
        final List<TokenIds> chunks = new ArrayList<>(List.of(framed(tokens, 0)));
        for (int from = length - 2; from < tokens.length; from += length - 2) chunks.add(framed(tokens, from));
        return chunks;
    }

    /**
     * @param text a prompt; may be empty
     * @return its words and their tokens, which together are all of the text's
     */
    public PromptTokens words(final String text) {
        final List<String> words = PromptTokens.split(text);
        return new PromptTokens(text, words, words.stream().map(this::tokens).toList(), start, end, length);
    }

    private TokenIds framed(final long[] tokens, final int from) {
        final int left = tokens.length - from;
        final int kept = Math.min(left, length - 2);
        final long[] ids = new long[length];
        Arrays.fill(ids, pad);
        ids[0] = start;
        System.arraycopy(tokens, from, ids, 1, kept);
        ids[kept + 1] = end;
        return new TokenIds(ids, kept + 2, left - kept);
    }

    /** The ids of the text alone, neither framed nor truncated. */
    long[] tokens(final String text) {
        // NB: the reference cuts special tokens out of the raw text and cleans what
        // is between them, so that nothing composes across their borders.
        final StringBuilder cleaned = new StringBuilder();
        final Matcher special = specialTokens.matcher(text);
        int from = 0;
        while (special.find()) {
            cleaned.append(PromptCleaner.clean(text.substring(from, special.start())));
            cleaned.append(' ').append(special.group()).append(' ');
            from = special.end();
        }
        cleaned.append(PromptCleaner.clean(text.substring(from)));
        return tokenizer.encode(cleaned.toString(), false, false).getIds();
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static HuggingFaceTokenizer nativeTokenizer(final TokenizerFiles files) throws ModelException {
        // Starting the engine first also forbids every download.
        TorchEngine.start();
        final byte[] json = files.toTokenizerJson().toString().getBytes(StandardCharsets.UTF_8);
        final Thread thread = Thread.currentThread();
        final ClassLoader previous = thread.getContextClassLoader();
        // NB: DJL finds its native library through the context class loader.
        thread.setContextClassLoader(ClipTokenizer.class.getClassLoader());
        try {
            return HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json),
                    Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false"));
        } catch (final IOException | RuntimeException exc) {
            throw new ModelException(
                    "The tokenizer in " + files.origin()
                            + " is damaged: vocab.json and merges.txt do not fit together (" + exc.getMessage() + ").",
                    exc);
        } finally {
            thread.setContextClassLoader(previous);
        }
    }
}
