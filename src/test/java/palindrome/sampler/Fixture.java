package palindrome.sampler;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A case of the reference fixtures: float64, int64 and byte tensors as plain numbers, and its description. */
final class Fixture {

    /** The common shape of all states, but for SDE-Drag's. */
    static final long[] SHAPE = {1, 4, 6, 5};

    private final JsonObject description;
    private final JsonObject header;
    private final ByteBuffer data;

    private Fixture(final JsonObject description, final JsonObject header, final ByteBuffer data) {
        this.description = description;
        this.header = header;
        this.data = data;
    }

    static Fixture read(final String name) throws IOException {
        final String json = new String(bytes(name + "/case.json"), StandardCharsets.UTF_8);
        final ByteBuffer file =
                ByteBuffer.wrap(bytes(name + "/case.safetensors")).order(ByteOrder.LITTLE_ENDIAN);
        final int length = Math.toIntExact(file.getLong());
        final String header = new String(file.array(), Long.BYTES, length, StandardCharsets.UTF_8);
        file.position(Long.BYTES + length);
        return new Fixture(
                JsonParser.parseString(json).getAsJsonObject(),
                JsonParser.parseString(header).getAsJsonObject(),
                file.slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    List<JsonObject> cases() {
        final List<JsonObject> cases = new ArrayList<>();
        for (final JsonElement element : description.getAsJsonArray("cases")) cases.add(element.getAsJsonObject());
        return cases;
    }

    JsonObject caseNamed(final String name) {
        return cases().stream()
                .filter(entry -> entry.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    boolean has(final String name) {
        return header.has(name);
    }

    /** All numbers of a float64, int64 or byte tensor. */
    double[] get(final String name) {
        final JsonObject entry = header.getAsJsonObject(name);
        final JsonArray offsets = entry.getAsJsonArray("data_offsets");
        final int begin = offsets.get(0).getAsInt();
        final int bytes = offsets.get(1).getAsInt() - begin;
        if (entry.get("dtype").getAsString().equals("U8")) {
            final double[] values = new double[bytes];
            for (int i = 0; i < bytes; i++) values[i] = Byte.toUnsignedInt(data.get(begin + i));
            return values;
        }
        final int count = bytes / Long.BYTES;
        final boolean integer = entry.get("dtype").getAsString().equals("I64");
        final double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = integer ? data.getLong(begin + i * Long.BYTES) : data.getDouble(begin + i * Double.BYTES);
        return values;
    }

    /** State {@code index} of a sequence of states [C, H, W]; those below 0 count from the end. */
    double[] state(final String name, final int index) {
        final JsonArray shape = header.getAsJsonObject(name).getAsJsonArray("shape");
        int size = 1;
        for (int axis = shape.size() - 3; axis < shape.size(); axis++)
            size *= shape.get(axis).getAsInt();
        final double[] all = get(name);
        final int from = (index < 0 ? all.length / size + index : index) * size;
        return Arrays.copyOfRange(all, from, from + size);
    }

    /** The closed-form network of the fixtures, at the timestep it is given. */
    static double network(final double x, final double timestep) {
        return 0.8 * x + 0.1 * Math.sin(2 * x) + 0.1 * Math.cos(timestep / 150);
    }

    /** The same with a prompt, under guidance. */
    static double guided(final double x, final double timestep, final double guidance) {
        return network(x, timestep) + guidance * 0.03 * Math.cos(x);
    }

    private static byte[] bytes(final String path) throws IOException {
        try (InputStream in = Fixture.class.getResourceAsStream("/reference/" + path)) {
            if (in == null) throw new IOException("No fixture " + path + ".");
            return in.readAllBytes();
        }
    }
}
