package palindrome.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The table of contents of a safetensors file, fully checked: once it exists,
 * every tensor lies inside the file, has the size its shape says, shares no
 * byte with another, and no byte belongs to none.
 *
 * @param tensors name to place, in the order of the file's header
 * @param metadata free text of whoever wrote the file
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {

    /**
     * One tensor.
     *
     * @param type element type
     * @param shape sizes, slowest axis first; empty for a scalar
     * @param begin first byte, counted from the end of the header
     * @param end byte behind the last
     */
    record Entry(SafetensorsType type, List<Long> shape, long begin, long end) {

        long bytes() {
            return end - begin;
        }

        long[] shapeArray() {
            return shape.stream().mapToLong(Long::longValue).toArray();
        }
    }

    private static final String METADATA = "__metadata__";
    private static final Pattern WHOLE = Pattern.compile("0|[1-9][0-9]*");

    /**
     * @param origin file, for messages
     * @param utf8 the header's text
     * @param dataBytes number of bytes behind the header
     * @return the checked table
     * @throws ModelException naming the first thing that is wrong
     */
    static SafetensorsHeader parse(final String origin, final ByteBuffer utf8, final long dataBytes)
            throws ModelException {
        if (!utf8.hasRemaining() || utf8.get(utf8.position()) != '{')
            throw new ModelException(origin + " is not a safetensors file: its header does not begin with '{'.");
        final JsonObject json = StrictJson.parse("The header of " + origin, utf8);
        final Map<String, Entry> tensors = new LinkedHashMap<>();
        for (final String name : json.keySet())
            if (!name.equals(METADATA)) tensors.put(name, entry(origin, name, json.get(name)));
        requireTiling(origin, tensors, dataBytes);
        return new SafetensorsHeader(
                Collections.unmodifiableMap(tensors),
                Collections.unmodifiableMap(metadata(origin, json.get(METADATA))));
    }

    private static Entry entry(final String origin, final String name, final JsonElement element)
            throws ModelException {
        if (!element.isJsonObject()) throw damaged(origin, name, "is not described by an object");
        final JsonObject json = element.getAsJsonObject();
        if (json.size() != 3)
            throw damaged(origin, name, "is described by other keys than dtype, shape and data_offsets");
        final SafetensorsType type = type(origin, name, json.get("dtype"));
        final List<Long> shape = numbers(origin, name, "shape", json.get("shape"));
        final List<Long> range = numbers(origin, name, "data_offsets", json.get("data_offsets"));
        if (range.size() != 2 || range.get(0) > range.get(1))
            throw damaged(origin, name, "has the data offsets " + range);
        final Entry entry = new Entry(type, List.copyOf(shape), range.get(0), range.get(1));
        final long expected = bytes(origin, name, type, shape);
        if (entry.bytes() != expected)
            throw damaged(
                    origin,
                    name,
                    "of type " + type
                            + " and shape " + shape + " takes " + expected + " bytes, but its data offsets hold "
                            + entry.bytes());
        return entry;
    }

    private static SafetensorsType type(final String origin, final String name, final JsonElement dtype)
            throws ModelException {
        if (dtype != null && dtype.isJsonPrimitive())
            for (final SafetensorsType type : SafetensorsType.values())
                if (type.name().equals(dtype.getAsString())) return type;
        throw damaged(origin, name, "has the unknown element type " + dtype);
    }

    private static List<Long> numbers(
            final String origin, final String name, final String key, final JsonElement element) throws ModelException {
        if (element == null || !element.isJsonArray()) throw damaged(origin, name, "has no list '" + key + "'");
        final JsonArray array = element.getAsJsonArray();
        final List<Long> numbers = new ArrayList<>(array.size());
        for (final JsonElement one : array) {
            final boolean whole = one.isJsonPrimitive()
                    && one.getAsJsonPrimitive().isNumber()
                    && WHOLE.matcher(one.getAsString()).matches();
            if (!whole)
                throw damaged(
                        origin,
                        name,
                        "has " + one + " in its " + key + ", which is not a whole number from 0 to 2^63 - 1");
            numbers.add(one.getAsLong());
        }
        return numbers;
    }

    private static long bytes(
            final String origin, final String name, final SafetensorsType type, final List<Long> shape)
            throws ModelException {
        try {
            long size = 1;
            for (final long length : shape) size = Math.multiplyExact(size, length);
            final long bits = Math.multiplyExact(size, type.bits());
            if (bits % 8 != 0) throw damaged(origin, name, "does not fill whole bytes");
            return bits / 8;
        } catch (final ArithmeticException exc) {
            throw damaged(origin, name, "has the impossible shape " + shape);
        }
    }

    private static void requireTiling(final String origin, final Map<String, Entry> tensors, final long dataBytes)
            throws ModelException {
        final List<Map.Entry<String, Entry>> sorted = new ArrayList<>(tensors.entrySet());
        sorted.sort(Comparator.comparingLong(
                        (final Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long end = 0;
        for (final Map.Entry<String, Entry> tensor : sorted) {
            final Entry entry = tensor.getValue();
            if (entry.end() > dataBytes)
                throw damaged(
                        origin,
                        tensor.getKey(),
                        "ends at byte " + entry.end() + ", but the file holds only " + dataBytes
                                + " bytes of data: it was cut off. Copy or download it again");
            if (entry.begin() < end)
                throw damaged(origin, tensor.getKey(), "overlaps another tensor at byte " + entry.begin());
            if (entry.begin() > end)
                throw damaged(origin, tensor.getKey(), "leaves a gap of " + (entry.begin() - end) + " bytes before it");
            end = entry.end();
        }
        if (end != dataBytes)
            throw new ModelException(origin + " has " + (dataBytes - end) + " bytes behind its last tensor.");
    }

    private static Map<String, String> metadata(final String origin, final JsonElement element) throws ModelException {
        final Map<String, String> metadata = new LinkedHashMap<>();
        if (element == null) return metadata;
        if (!element.isJsonObject()) throw new ModelException("The metadata of " + origin + " is not an object.");
        for (final Map.Entry<String, JsonElement> one :
                element.getAsJsonObject().entrySet()) {
            final JsonElement value = one.getValue();
            if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString())
                throw new ModelException("The metadata '" + one.getKey() + "' of " + origin + " is not a text.");
            metadata.put(one.getKey(), value.getAsString());
        }
        return metadata;
    }

    private static ModelException damaged(final String origin, final String name, final String what) {
        return new ModelException(origin + " is damaged: tensor '" + name + "' " + what + ".");
    }
}
