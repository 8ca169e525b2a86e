package palindrome.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads one JSON object from a file that is not trusted.
 * <p>
 * Stricter than a parser has to be: the size and the depth are limited, a key
 * may occur once in an object, text is valid UTF-8, and nothing follows the
 * object. Of two values under one key, parsers take either, so such a file
 * would mean different things to different programs.
 */
public final class StrictJson {

    /** Deep enough for every checkpoint file, far from exhausting the stack. */
    static final int MAX_DEPTH = 32;

    private final String origin;
    private final JsonReader reader;

    private StrictJson(final String origin, final String text) {
        this.origin = origin;
        this.reader = new JsonReader(new StringReader(text));
    }

    /**
     * @param file a JSON file
     * @param maxBytes largest size that is read
     * @return its object
     * @throws ModelException if the file is missing, too large or not one valid
     *           JSON object
     * @throws IOException if it cannot be read
     */
    public static JsonObject read(final Path file, final int maxBytes) throws IOException {
        ModelFile.require(file);
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes)
                throw new ModelException(
                        file + " is larger than " + maxBytes + " bytes, so it is not the JSON file it should be.");
            return parse(file.toString(), ByteBuffer.wrap(bytes));
        }
    }

    /**
     * @param origin what the text is, for messages
     * @param utf8 the text
     * @return its object
     * @throws ModelException if the text is not one valid JSON object
     */
    public static JsonObject parse(final String origin, final ByteBuffer utf8) throws ModelException {
        final String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (final CharacterCodingException exc) {
            throw new ModelException(origin + " is not valid UTF-8 text.", exc);
        }
        final StrictJson json = new StrictJson(origin, text);
        try {
            if (json.reader.peek() != JsonToken.BEGIN_OBJECT)
                throw new ModelException(origin + " is not a JSON object.");
            final JsonObject object = json.object(1);
            if (json.reader.peek() != JsonToken.END_DOCUMENT)
                throw new ModelException(origin + " has something after its JSON object.");
            return object;
        } catch (final ModelException exc) {
            throw exc;
        } catch (final IOException | IllegalStateException | NumberFormatException exc) {
            throw new ModelException(origin + " is not valid JSON: " + exc.getMessage(), exc);
        }
    }

    private JsonElement value(final int depth) throws IOException {
        if (depth > MAX_DEPTH) throw new ModelException(origin + " is nested more than " + MAX_DEPTH + " levels deep.");
        return switch (reader.peek()) {
            case BEGIN_OBJECT -> object(depth);
            case BEGIN_ARRAY -> array(depth);
            case STRING -> new JsonPrimitive(reader.nextString());
            case NUMBER -> number(reader.nextString());
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            case NULL -> {
                reader.nextNull();
                yield JsonNull.INSTANCE;
            }
            default -> throw new ModelException(origin + " is not valid JSON at " + reader.getPath() + ".");
        };
    }

    private JsonObject object(final int depth) throws IOException {
        final JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            final String key = reader.nextName();
            if (object.has(key)) throw new ModelException(origin + " has the key '" + key + "' twice.");
            object.add(key, value(depth + 1));
        }
        reader.endObject();
        return object;
    }

    private JsonArray array(final int depth) throws IOException {
        final JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) array.add(value(depth + 1));
        reader.endArray();
        return array;
    }

    /** Whole numbers that fit stay exact; the rest are doubles, as in Python. */
    private static JsonPrimitive number(final String text) {
        try {
            return new JsonPrimitive(Long.parseLong(text));
        } catch (final NumberFormatException exc) {
            return new JsonPrimitive(Double.parseDouble(text));
        }
    }
}
