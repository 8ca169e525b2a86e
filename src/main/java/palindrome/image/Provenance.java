package palindrome.image;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import ij.ImagePlus;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * An immutable record of how an image was made: named values, as ASCII JSON in an image property and as readable lines
 * in the image's Info, both of which ImageJ keeps in TIFF files.
 */
public final class Provenance {

    /** The image property that holds the JSON. */
    public static final String PROPERTY = "palindrome.json";

    /** How the pixels of an image are not data. */
    public enum Synthetic {
        /** Parts of a real image were changed by a model. */
        EDITED("diffusion edit"),
        /** All of the image was made by a model. */
        GENERATED("diffusion generated");

        private final String label;

        Synthetic(String label) {
            this.label = label;
        }

        /** The mark in the record: "diffusion edit" or "diffusion generated". */
        public String label() {
            return label;
        }
    }

    private static final String OPERATION = "operation";
    private static final String SYNTHETIC = "synthetic";
    private static final String FORMAT = "format";
    private static final int CURRENT_FORMAT = 1;
    private static final String INFO_PREFIX = "Palindrome";

    private final JsonObject json;

    private Provenance(JsonObject json) {
        this.json = json;
    }

    /** A new record of an operation, such as "invert", with the version of Palindrome. */
    public static Provenance of(String operation) {
        String version = Provenance.class.getPackage().getImplementationVersion();
        return new Provenance(new JsonObject())
                .with(OPERATION, operation)
                .with(FORMAT, CURRENT_FORMAT)
                .with("version", version == null ? "development" : version);
    }

    /** This record with one more value, or with a value replaced. */
    public Provenance with(String key, String value) {
        return with(key, new JsonPrimitive(value));
    }

    /** This record with one more number, or with a value replaced. */
    public Provenance with(String key, int value) {
        return with(key, new JsonPrimitive(value));
    }

    /** This record with one more number, or with a value replaced; written so that the same double is read back. */
    public Provenance with(String key, double value) {
        return with(key, new JsonPrimitive(value));
    }

    /** This record with one more 64-bit integer, written as text: most JSON readers would round it. */
    public Provenance with(String key, long value) {
        return with(key, Long.toString(value));
    }

    /** This record with one more truth value, or with a value replaced. */
    public Provenance with(String key, boolean value) {
        return with(key, new JsonPrimitive(value));
    }

    /** This record with one more structure, or with a value replaced; structures do not appear in the Info. */
    public Provenance with(String key, JsonElement value) {
        JsonObject copy = json.deepCopy();
        copy.add(key, value.deepCopy());
        return new Provenance(copy);
    }

    /** This record without a value. */
    public Provenance without(String key) {
        JsonObject copy = json.deepCopy();
        copy.remove(key);
        return new Provenance(copy);
    }

    /** This record with the mark that the image is no measurement. */
    public Provenance synthetic(Synthetic how) {
        return with(SYNTHETIC, how.label());
    }

    /** This record with the mark of a source, if that has one: what is made of synthetic pixels is no measurement. */
    public Provenance syntheticAs(Provenance source) {
        return source.isSynthetic() ? with(SYNTHETIC, source.json.get(SYNTHETIC)) : this;
    }

    /** Whether the image is marked as made or changed by a model. */
    public boolean isSynthetic() {
        return json.has(SYNTHETIC);
    }

    /** The operation that made the image. */
    public String operation() {
        return text(OPERATION).orElse("");
    }

    /** A copy of a value, if there is one. */
    public Optional<JsonElement> get(String key) {
        return Optional.ofNullable(json.get(key)).map(JsonElement::deepCopy);
    }

    /** A text, number or truth value as text, if there is one. */
    public Optional<String> text(String key) {
        return get(key).filter(JsonElement::isJsonPrimitive).map(JsonElement::getAsString);
    }

    /** The record as ASCII JSON. */
    public String toJson() {
        return AsciiJson.write(json);
    }

    /**
     * Reads a record.
     *
     * @throws IOException if the text is not one
     */
    public static Provenance parse(String text) throws IOException {
        try {
            JsonElement element = JsonParser.parseString(text);
            if (element.isJsonObject() && element.getAsJsonObject().has(FORMAT)) {
                JsonObject json = element.getAsJsonObject();
                int format = json.get(FORMAT).getAsInt();
                if (format > CURRENT_FORMAT) {
                    throw new IOException("The Palindrome record has format " + format + ", this version reads up to "
                            + CURRENT_FORMAT + "; update Palindrome.");
                }
                return new Provenance(json);
            }
        } catch (JsonParseException | UnsupportedOperationException | IllegalStateException | NumberFormatException e) {
            throw new IOException("The Palindrome record is damaged: it is not JSON that can be read.", e);
        }
        throw new IOException("The Palindrome record is damaged: it is no JSON object with a format.");
    }

    /** Writes this record into an image, in place of any earlier one. */
    public void attachTo(ImagePlus image) {
        image.setProp(PROPERTY, toJson());
        image.setProperty("Info", withoutOwnLines(image.getInfoProperty()) + toInfo());
    }

    /**
     * Reads the record of an image.
     *
     * @return empty if the image has none
     * @throws IOException if the record is damaged
     */
    public static Optional<Provenance> readFrom(ImagePlus image) throws IOException {
        String text = image.getProp(PROPERTY);
        return text == null ? Optional.empty() : Optional.of(parse(text));
    }

    /** The record as lines of ASCII, "Palindrome: operation" first, then "Palindrome key: value". */
    public String toInfo() {
        StringBuilder info = new StringBuilder();
        info.append(INFO_PREFIX)
                .append(": ")
                .append(readable(json.get(OPERATION)))
                .append('\n');
        for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
            if (entry.getValue().isJsonPrimitive() && !entry.getKey().equals(OPERATION)) {
                info.append(INFO_PREFIX).append(' ').append(entry.getKey()).append(": ");
                info.append(readable(entry.getValue())).append('\n');
            }
        }
        return info.toString();
    }

    private static String readable(JsonElement value) {
        if (value == null) {
            return "";
        }
        String json = AsciiJson.write(value);
        if (!json.startsWith("\"")) {
            return json;
        }
        // A macro line is to be copied from here as it stands.
        String text = value.getAsString();
        return text.chars().allMatch(c -> c >= ' ' && c <= '~') ? text : json.substring(1, json.length() - 1);
    }

    /** An Info text without the lines an earlier record wrote into it; ends with a line break unless empty. */
    static String withoutOwnLines(String info) {
        if (info == null) {
            return "";
        }
        StringBuilder others = new StringBuilder();
        for (String line : info.split("\n", -1)) {
            if (!line.startsWith(INFO_PREFIX + ":") && !line.startsWith(INFO_PREFIX + " ")) {
                others.append(line).append('\n');
            }
        }
        String text = others.toString();
        return text.isBlank() ? "" : text.replaceAll("\n+$", "\n");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Provenance that && json.equals(that.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return toJson();
    }
}
