package palindrome.network;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads a network's {@code config.json}: absent keys take the given default,
 * wrong types and unsupported options are refused by name.
 */
final class ConfigReader {

    private final String network;
    private final JsonObject json;

    /** @param network what messages call the network */
    ConfigReader(final String network, final JsonObject json) {
        this.network = network;
        this.json = json;
    }

    int integer(final String key, final int absent) {
        return isAbsent(key) ? absent : integer(key, json.get(key));
    }

    double number(final String key, final double absent) {
        if (isAbsent(key)) return absent;
        final JsonElement value = json.get(key);
        if (!isNumber(value)) throw wrong(key, value, "a number");
        return value.getAsDouble();
    }

    boolean flag(final String key, final boolean absent) {
        if (isAbsent(key)) return absent;
        final JsonElement value = json.get(key);
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean())
            throw wrong(key, value, "true or false");
        return value.getAsBoolean();
    }

    String text(final String key, final String absent) {
        return isAbsent(key) ? absent : text(key, json.get(key));
    }

    List<String> texts(final String key, final List<String> absent) {
        if (isAbsent(key)) return absent;
        final List<String> values = new ArrayList<>();
        for (final JsonElement value : array(key)) values.add(text(key, value));
        return List.copyOf(values);
    }

    List<Integer> integers(final String key, final List<Integer> absent) {
        return isAbsent(key) ? absent : integers(key);
    }

    List<Double> numbers(final String key, final List<Double> absent) {
        if (isAbsent(key)) return absent;
        final List<Double> values = new ArrayList<>();
        for (final JsonElement value : array(key)) {
            if (!isNumber(value)) throw wrong(key, json.get(key), "a list of numbers");
            values.add(value.getAsDouble());
        }
        return List.copyOf(values);
    }

    /** One integer for all levels, or a list of one for each. */
    List<Integer> integerPerLevel(final String key, final int absent, final int levels) {
        if (isAbsent(key)) return Collections.nCopies(levels, absent);
        if (!json.get(key).isJsonArray()) return Collections.nCopies(levels, integer(key, json.get(key)));
        final List<Integer> values = integers(key);
        if (values.size() != levels)
            throw wrong(key, json.get(key), levels + " values, one for each of block_out_channels");
        return values;
    }

    /**
     * Refuses an option that changes what the network computes in a way that is
     * not implemented.
     *
     * @param supported legal values, as JSON; a list of them, one a level, is legal
     *          too, and so is an absent or null value
     */
    void refuseUnless(final String key, final String... supported) {
        if (isAbsent(key)) return;
        final JsonElement value = json.get(key);
        if (isSupported(value, supported)) return;
        throw new IllegalArgumentException("The option " + key + " = " + value + " of this " + network
                + " is not supported. Supported: " + String.join(", ", supported) + ".");
    }

    private static boolean isSupported(final JsonElement value, final String... supported) {
        if (value.isJsonArray()) {
            for (final JsonElement entry : value.getAsJsonArray()) if (!isSupported(entry, supported)) return false;
            return true;
        }
        return Stream.of(supported).map(JsonParser::parseString).anyMatch(value::equals);
    }

    /** The exception for a value that is no legal one. */
    IllegalArgumentException wrong(final String key, final JsonElement value, final String wanted) {
        return new IllegalArgumentException(
                "The option " + key + " = " + value + " of this " + network + " should be " + wanted + ".");
    }

    /** An integer above 0, which has no default. */
    int positive(final String key) {
        final int value = integer(key, 0);
        if (value < 1) throw wrong(key, raw(key), "given and positive");
        return value;
    }

    /** One of the names of an enum, in lower case. */
    <E extends Enum<E>> E oneOf(final String key, final E absent) {
        final String[] names = Stream.of(absent.getDeclaringClass().getEnumConstants())
                .map(one -> '"' + one.name().toLowerCase(Locale.ROOT) + '"')
                .toArray(String[]::new);
        refuseUnless(key, names);
        return isAbsent(key)
                ? absent
                : Enum.valueOf(absent.getDeclaringClass(), text(key, "").toUpperCase(Locale.ROOT));
    }

    /** The channels of each level, at least one level. */
    List<Integer> channels(final String key, final List<Integer> absent) {
        final List<Integer> channels = integers(key, absent);
        if (channels.isEmpty()) throw wrong(key, raw(key), "a list of channels");
        return channels;
    }

    /** The groups of every group norm. */
    int groups() {
        final String key = "norm_num_groups";
        refuseNull(key);
        final int groups = integer(key, 32);
        if (groups < 1) throw wrong(key, raw(key), "positive");
        return groups;
    }

    /** The side of the samples a network was trained on, the height if there are two; 0 if not stated. */
    int sampleSize() {
        final String key = "sample_size";
        if (isAbsent(key) || !json.get(key).isJsonArray()) return integer(key, 0);
        final List<Integer> sides = integers(key);
        if (sides.isEmpty()) throw wrong(key, json.get(key), "a side or two");
        return sides.get(0);
    }

    /** Whether a key is there and not null. */
    boolean isGiven(final String key) {
        return !isAbsent(key);
    }

    /** Whether a key is there and null, where that means something else than an absent key. */
    boolean isNull(final String key) {
        return json.has(key) && json.get(key).isJsonNull();
    }

    /** Refuses null where it asks for something that is not implemented. */
    void refuseNull(final String key) {
        if (isNull(key))
            throw new IllegalArgumentException(
                    "The option " + key + " = null of this " + network + " is not supported.");
    }

    JsonElement raw(final String key) {
        return isAbsent(key) ? JsonNull.INSTANCE : json.get(key);
    }

    private boolean isAbsent(final String key) {
        return !json.has(key) || json.get(key).isJsonNull();
    }

    private List<Integer> integers(final String key) {
        final List<Integer> values = new ArrayList<>();
        for (final JsonElement value : array(key)) values.add(integer(key, value));
        return List.copyOf(values);
    }

    private Iterable<JsonElement> array(final String key) {
        final JsonElement value = json.get(key);
        if (!value.isJsonArray()) throw wrong(key, value, "a list");
        return value.getAsJsonArray();
    }

    private int integer(final String key, final JsonElement value) {
        if (!isNumber(value) || value.getAsDouble() != value.getAsInt()) throw wrong(key, value, "an integer");
        return value.getAsInt();
    }

    private String text(final String key, final JsonElement value) {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) throw wrong(key, value, "a text");
        return value.getAsString();
    }

    private static boolean isNumber(final JsonElement value) {
        return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    }
}
