package palindrome.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;

/**
 * Typed access to a configuration: absent keys and nulls take the given
 * default, a value of the wrong type is refused by name.
 *
 * @param origin what the configuration is, for messages
 * @param json the configuration
 */
record JsonFields(String origin, JsonObject json) {

    String text(final String key, final String absent) {
        final JsonPrimitive value = primitive(key);
        if (value == null) return absent;
        if (!value.isString()) throw wrong(key, "a text");
        return value.getAsString();
    }

    boolean flag(final String key, final boolean absent) {
        final JsonPrimitive value = primitive(key);
        if (value == null) return absent;
        if (!value.isBoolean()) throw wrong(key, "true or false");
        return value.getAsBoolean();
    }

    double number(final String key, final double absent) {
        final JsonPrimitive value = primitive(key);
        if (value == null) return absent;
        if (!value.isNumber()) throw wrong(key, "a number");
        return value.getAsDouble();
    }

    int integer(final String key, final int absent) {
        final double value = number(key, absent);
        if (value != (int) value) throw wrong(key, "a whole number");
        return (int) value;
    }

    /** The list under a key, empty if it is absent. */
    List<Double> numbers(final String key) {
        final List<Double> numbers = new ArrayList<>();
        if (isAbsent(key)) return numbers;
        if (!json.get(key).isJsonArray()) throw wrong(key, "a list of numbers");
        for (final JsonElement one : json.get(key).getAsJsonArray()) {
            if (!one.isJsonPrimitive() || !one.getAsJsonPrimitive().isNumber()) throw wrong(key, "a list of numbers");
            numbers.add(one.getAsDouble());
        }
        return numbers;
    }

    /** The exception for a value that is no legal one. */
    IllegalArgumentException wrong(final String key, final String wanted) {
        return new IllegalArgumentException(
                "The value " + key + " = " + json.get(key) + " of " + origin + " should be " + wanted + ".");
    }

    private JsonPrimitive primitive(final String key) {
        if (isAbsent(key)) return null;
        if (!json.get(key).isJsonPrimitive()) throw wrong(key, "a single value");
        return json.get(key).getAsJsonPrimitive();
    }

    private boolean isAbsent(final String key) {
        return !json.has(key) || json.get(key).isJsonNull();
    }
}
