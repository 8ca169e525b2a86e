package palindrome.train;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A byte-pair vocabulary for a small set of caption words, in CLIP's layout.
 * <p>
 * Ids are CLIP's: the 256 bytes, the 256 bytes that end a word, one token for
 * each merge, start and end of text. Every given word is one token; any other
 * text falls back to shorter pieces, down to bytes, so no prompt is illegal.
 */
public final class CaptionVocabulary {

    /** The words the bundled model's captions are made of. */
    public static final List<String> CAPTION_WORDS = List.of(
            "fluorescence",
            "brightfield",
            "histology",
            "microscopy",
            "image",
            "of",
            "few",
            "some",
            "many",
            "small",
            "medium",
            "large",
            "dim",
            "bright",
            "nuclei",
            "nucleus",
            "cells",
            "cell",
            "no",
            "and",
            "with",
            "stained",
            "purple",
            "pink",
            "grey",
            "black",
            "white",
            "background",
            "dark",
            "light",
            "a",
            "the");

    /** Ids a caption takes at most, start, end and padding included. */
    public static final int MAX_LENGTH = 16;

    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final String WORD_END = "</w>";

    private final List<String> alphabet = byteCharacters();
    private final Set<String> merges = new LinkedHashSet<>();
    private final Map<String, Integer> ids = new LinkedHashMap<>();

    /**
     * @param words lower-case words of letters only
     * @throws IllegalArgumentException if a word has anything else in it
     */
    public CaptionVocabulary(final List<String> words) {
        words.forEach(this::addWord);
        for (final String symbol : alphabet) ids.put(symbol, ids.size());
        for (final String symbol : alphabet) ids.put(symbol + WORD_END, ids.size());
        for (final String merge : merges) ids.putIfAbsent(merge.replace(" ", ""), ids.size());
        ids.put(START, ids.size());
        ids.put(END, ids.size());
    }

    /** @return the number of tokens, which is the text encoder's vocab_size */
    public int size() {
        return ids.size();
    }

    /** @return the id of the token that ends and pads every caption */
    public int endId() {
        return ids.get(END);
    }

    /** @return the id of the token in front of every caption */
    public int startId() {
        return ids.get(START);
    }

    /**
     * Writes {@code vocab.json}, {@code merges.txt},
     * {@code special_tokens_map.json} and {@code tokenizer_config.json}.
     *
     * @param folder the tokenizer's folder, made if it is not there
     * @throws IOException if a file cannot be written
     */
    public void save(final Path folder) throws IOException {
        Files.createDirectories(folder);
        final JsonObject vocabulary = new JsonObject();
        ids.forEach(vocabulary::addProperty);
        write(folder.resolve("vocab.json"), vocabulary);
        Files.writeString(
                folder.resolve("merges.txt"),
                "#version: 0.2\n" + String.join("\n", merges) + "\n",
                StandardCharsets.UTF_8);
        final JsonObject special = new JsonObject();
        special.addProperty("bos_token", START);
        special.addProperty("eos_token", END);
        special.addProperty("pad_token", END);
        special.addProperty("unk_token", END);
        write(folder.resolve("special_tokens_map.json"), special);
        final JsonObject config = special.deepCopy();
        config.addProperty("add_prefix_space", false);
        config.addProperty("do_lower_case", true);
        config.addProperty("errors", "replace");
        config.addProperty("model_max_length", MAX_LENGTH);
        config.addProperty("tokenizer_class", "CLIPTokenizer");
        write(folder.resolve("tokenizer_config.json"), config);
    }

    private static void write(final Path file, final JsonObject json) throws IOException {
        Files.writeString(
                file,
                new GsonBuilder()
                                .disableHtmlEscaping()
                                .setPrettyPrinting()
                                .create()
                                .toJson(json) + "\n",
                StandardCharsets.UTF_8);
    }

    /**
     * Appends the merges this word still needs. Later merges have a lower rank
     * than all that an earlier word uses, so they cannot take a word apart again.
     */
    private void addWord(final String word) {
        if (!word.matches("[a-z]+"))
            throw new IllegalArgumentException("'" + word + "' is not a word of the letters a to z.");
        final List<String> symbols = merged(word);
        String left = symbols.get(0);
        for (final String right : symbols.subList(1, symbols.size())) {
            merges.add(left + " " + right);
            left += right;
        }
    }

    /** The word in the symbols that the merges so far leave of it. */
    private List<String> merged(final String word) {
        final List<String> symbols = new ArrayList<>();
        for (final char letter : word.toCharArray()) symbols.add(String.valueOf(letter));
        symbols.set(symbols.size() - 1, symbols.get(symbols.size() - 1) + WORD_END);
        while (mergeOnce(symbols)) {
            // The lowest rank first, again after every change.
        }
        return symbols;
    }

    private boolean mergeOnce(final List<String> symbols) {
        for (final String merge : merges)
            for (int i = 0; i + 1 < symbols.size(); i++)
                if (merge.equals(symbols.get(i) + " " + symbols.get(i + 1))) {
                    symbols.set(i, symbols.get(i) + symbols.remove(i + 1));
                    return true;
                }
        return false;
    }

    /** A printable character for each byte, as GPT-2 and CLIP choose them. */
    private static List<String> byteCharacters() {
        final List<String> printable = new ArrayList<>();
        final List<String> shifted = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            final boolean isPrintable = b >= 33 && b <= 126 || b >= 161 && b <= 172 || b >= 174;
            if (isPrintable) printable.add(Character.toString(b));
            else shifted.add(Character.toString(256 + shifted.size()));
        }
        printable.addAll(shifted);
        return printable;
    }
}
