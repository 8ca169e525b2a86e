package palindrome.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The four files of a CLIP tokenizer folder, read and checked.
 *
 * @param origin where they lie, for messages
 * @param vocabulary token to id
 * @param merges pairs of symbols, most frequent first
 * @param start token in front of every text
 * @param end token behind every text
 * @param pad token that fills up to {@code maxLength}
 * @param maxLength number of ids the text encoder takes, at least 2
 */
record TokenizerFiles(
        String origin,
        JsonObject vocabulary,
        List<String> merges,
        String start,
        String end,
        String pad,
        int maxLength) {

    private static final int MAX_BYTES = 64 << 20;
    private static final int DEFAULT_LENGTH = 77;

    static TokenizerFiles read(final Path folder) throws IOException {
        final JsonObject config = optional(folder, "tokenizer_config.json");
        final JsonObject special = optional(folder, "special_tokens_map.json");
        final JsonObject vocabulary = StrictJson.read(folder.resolve("vocab.json"), MAX_BYTES);
        for (final String token : vocabulary.keySet()) requireId(folder, vocabulary, token);
        final String start = token(config, special, "bos_token", "<|startoftext|>");
        final String end = token(config, special, "eos_token", "<|endoftext|>");
        final String pad = token(config, special, "pad_token", end);
        for (final String token : new String[] {start, end, pad})
            if (!vocabulary.has(token))
                throw new ModelException("The vocabulary in " + folder + " lacks the special token '" + token + "'.");
        return new TokenizerFiles(
                folder.toString(),
                vocabulary,
                merges(folder.resolve("merges.txt")),
                start,
                end,
                pad,
                length(folder, config));
    }

    long id(final String token) {
        return vocabulary.get(token).getAsLong();
    }

    long largestId() {
        return vocabulary.asMap().values().stream()
                .mapToLong(JsonElement::getAsLong)
                .max()
                .orElseThrow();
    }

    private static JsonObject optional(final Path folder, final String name) throws IOException {
        final Path file = folder.resolve(name);
        return Files.exists(file) ? StrictJson.read(file, MAX_BYTES) : new JsonObject();
    }

    private static void requireId(final Path folder, final JsonObject vocabulary, final String token)
            throws ModelException {
        final JsonElement id = vocabulary.get(token);
        final boolean valid = id.isJsonPrimitive()
                && id.getAsJsonPrimitive().isNumber()
                && id.getAsDouble() == id.getAsInt()
                && id.getAsInt() >= 0;
        if (!valid)
            throw new ModelException("The vocabulary in " + folder + " gives the token '" + token + "' the id " + id
                    + ", which is not a whole number of at least 0.");
    }

    /**
     * Since 2023 the configuration lists added tokens and has the last word;
     * before, the map of special tokens had it. SD 2 relies on the latter: its
     * configuration still names SD 1's padding.
     */
    private static String token(
            final JsonObject config, final JsonObject special, final String key, final String fallback) {
        final boolean configFirst = config.has("added_tokens_decoder");
        final String first = text((configFirst ? config : special).get(key));
        final String second = text((configFirst ? special : config).get(key));
        if (first != null) return first;
        return second != null ? second : fallback;
    }

    /** A special token is written as a string or as an object around it. */
    private static String text(final JsonElement token) {
        if (token == null || token.isJsonNull()) return null;
        if (token.isJsonObject()) return text(token.getAsJsonObject().get("content"));
        return token.isJsonPrimitive() ? token.getAsString() : null;
    }

    private static int length(final Path folder, final JsonObject config) throws ModelException {
        final JsonElement length = config.get("model_max_length");
        if (length == null || length.isJsonNull()) return DEFAULT_LENGTH;
        final double value =
                length.isJsonPrimitive() && length.getAsJsonPrimitive().isNumber() ? length.getAsDouble() : Double.NaN;
        // NB: transformers writes 1e30 when a tokenizer knows no length.
        if (value > 1e6) return DEFAULT_LENGTH;
        if (!(value >= 2))
            throw new ModelException("tokenizer_config.json in " + folder + " has model_max_length " + length
                    + ", but a prompt takes at least 2 tokens.");
        return (int) value;
    }

    private static List<String> merges(final Path file) throws IOException {
        ModelFile.require(file);
        final List<String> merges = new ArrayList<>();
        try {
            int number = 0;
            for (final String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                if (number == 1 && line.startsWith("#version") || line.isBlank()) continue;
                if (line.split(" ").length != 2)
                    throw new ModelException(file + " line " + number + " is not a pair of symbols: '" + line + "'.");
                merges.add(line);
            }
            return merges;
        } catch (final CharacterCodingException exc) {
            throw new ModelException(file + " is not valid UTF-8 text.", exc);
        }
    }

    /** The same tokenizer in the one file the native library reads. */
    JsonObject toTokenizerJson() {
        final JsonArray pairs = new JsonArray();
        merges.forEach(pairs::add);
        final JsonObject model = new JsonObject();
        model.addProperty("type", "BPE");
        model.addProperty("unk_token", end);
        model.addProperty("continuing_subword_prefix", "");
        model.addProperty("end_of_word_suffix", "</w>");
        model.addProperty("fuse_unk", false);
        model.add("vocab", vocabulary);
        model.add("merges", pairs);

        final JsonArray special = new JsonArray();
        special.add(addedToken(start));
        if (!end.equals(start)) special.add(addedToken(end));

        final JsonObject json = new JsonObject();
        json.addProperty("version", "1.0");
        json.add("added_tokens", special);
        json.add("pre_tokenizer", preTokenizer());
        json.add("model", model);
        return json;
    }

    private JsonObject addedToken(final String token) {
        final JsonObject added = new JsonObject();
        added.addProperty("id", id(token));
        added.addProperty("content", token);
        for (final String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized"})
            added.addProperty(flag, false);
        added.addProperty("special", true);
        return added;
    }

    /** Contractions, letters, single digits and the rest; then bytes. */
    private static JsonObject preTokenizer() {
        final JsonObject pattern = new JsonObject();
        pattern.addProperty("Regex", "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+");
        final JsonObject split = new JsonObject();
        split.addProperty("type", "Split");
        split.add("pattern", pattern);
        split.addProperty("behavior", "Removed");
        split.addProperty("invert", true);
        final JsonObject bytes = new JsonObject();
        bytes.addProperty("type", "ByteLevel");
        bytes.addProperty("add_prefix_space", false);
        bytes.addProperty("trim_offsets", true);
        bytes.addProperty("use_regex", false);
        final JsonArray steps = new JsonArray();
        steps.add(split);
        steps.add(bytes);
        final JsonObject sequence = new JsonObject();
        sequence.addProperty("type", "Sequence");
        sequence.add("pretokenizers", steps);
        return sequence;
    }
}
