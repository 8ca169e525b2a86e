package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import palindrome.engine.Tensors;

/**
 * A fixture file read the plain way, independent of the checkpoint reader: float
 * tensors as arrays, also as the weights of a network.
 */
public final class ReferenceTensors implements Weights {

    private final NDManager manager;
    private final DataType type;
    private final JsonObject header;
    private final ByteBuffer data;

    private ReferenceTensors(
            final NDManager manager, final DataType type, final JsonObject header, final ByteBuffer data) {
        this.manager = manager;
        this.type = type;
        this.header = header;
        this.data = data;
    }

    /**
     * @param manager owner of the arrays
     * @param type element type of float arrays
     * @param path path below {@code reference/}
     */
    public static ReferenceTensors read(final NDManager manager, final DataType type, final String path)
            throws IOException {
        try (InputStream in = open(path)) {
            final ByteBuffer file = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
            final int length = Math.toIntExact(file.getLong());
            final String json = new String(file.array(), Long.BYTES, length, StandardCharsets.UTF_8);
            file.position(Long.BYTES + length);
            return new ReferenceTensors(
                    manager,
                    type,
                    JsonParser.parseString(json).getAsJsonObject(),
                    file.slice().order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    static JsonObject parse(final String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }

    public static JsonObject json(final String path) throws IOException {
        try (InputStream in = open(path);
                InputStreamReader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(reader).getAsJsonObject();
        }
    }

    @Override
    public NDArray get(final String name, final long... shape) {
        final NDArray array = get(name);
        if (!Arrays.equals(array.getShape().getShape(), shape))
            throw new IllegalArgumentException(
                    name + " is " + array.getShape() + ", not " + Arrays.toString(shape) + ".");
        return array;
    }

    @Override
    public boolean contains(final String name) {
        return header.has(name);
    }

    public NDArray get(final String name) {
        if (!header.has(name)) throw new IllegalArgumentException("No tensor " + name + ".");
        final JsonObject entry = header.getAsJsonObject(name);
        final JsonArray dims = entry.getAsJsonArray("shape");
        final long[] shape = new long[dims.size()];
        for (int i = 0; i < shape.length; i++) shape[i] = dims.get(i).getAsLong();
        final JsonArray offsets = entry.getAsJsonArray("data_offsets");
        final int begin = offsets.get(0).getAsInt();
        final int bytes = offsets.get(1).getAsInt() - begin;
        final ByteBuffer part = data.slice(begin, bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (entry.get("dtype").getAsString()) {
            case "I64" -> integers(part, shape);
            case "F64" -> floats(part, Double.BYTES, shape);
            case "F32" -> floats(part, Float.BYTES, shape);
            case "F16" -> floats(part, Short.BYTES, shape);
            default -> throw new IllegalArgumentException("Unexpected type of " + name + ".");
        };
    }

    private NDArray integers(final ByteBuffer part, final long[] shape) {
        final long[] values = new long[part.remaining() / Long.BYTES];
        part.asLongBuffer().get(values);
        return Tensors.of(manager, values, shape);
    }

    private NDArray floats(final ByteBuffer part, final int width, final long[] shape) {
        final double[] values = new double[part.remaining() / width];
        for (int i = 0; i < values.length; i++)
            values[i] = switch (width) {
                case Double.BYTES -> part.getDouble(i * width);
                case Float.BYTES -> part.getFloat(i * width);
                default -> half(part.getShort(i * width));
            };
        return Tensors.cast(Tensors.of(manager, values, shape), type);
    }

    private static double half(final short bits) {
        final int exponent = bits >> 10 & 0x1f;
        final int fraction = bits & 0x3ff;
        final double magnitude =
                exponent == 0 ? Math.scalb((double) fraction, -24) : Math.scalb(1 + fraction / 1024.0, exponent - 15);
        return bits < 0 ? -magnitude : magnitude;
    }

    private static InputStream open(final String path) throws IOException {
        final InputStream in = ReferenceTensors.class.getResourceAsStream("/reference/" + path);
        if (in == null) throw new IOException("No fixture " + path + ".");
        return in;
    }
}
