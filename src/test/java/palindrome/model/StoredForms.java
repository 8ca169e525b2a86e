package palindrome.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rewrites the weights of one component of a diffusers folder in the other forms that published models come in. */
public final class StoredForms {

    private static final String ENDING = ".safetensors";

    private final Path file;

    private StoredForms(final Path file) {
        this.file = file;
    }

    /** @param component folder of one float32 file */
    public static StoredForms of(final Path component) throws IOException {
        try (var files = Files.list(component)) {
            return new StoredForms(files.filter(path -> path.toString().endsWith(ENDING))
                    .findFirst()
                    .orElseThrow());
        }
    }

    /** Cuts the values so that sixteen bits of a type hold them; the file stays float32. */
    public void cutTo(final SafetensorsType type) throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter();
        tensors().forEach((name, tensor) -> writer.tensor(name, cut(type, tensor.values()), tensor.shape()));
        writer.write(file);
    }

    /**
     * Writes the values, cut before, in sixteen bits.
     *
     * @param variant of the new file, which stands beside the old one; empty to replace that
     */
    public void narrowTo(final SafetensorsType type, final String variant) throws IOException {
        final JsonObject header = new JsonObject();
        final Map<String, LdmLayout.Values> tensors = tensors();
        int end = 0;
        for (final Map.Entry<String, LdmLayout.Values> one : tensors.entrySet()) {
            final JsonArray shape = new JsonArray();
            for (final long length : one.getValue().shape()) shape.add(length);
            final JsonArray range = new JsonArray();
            range.add(end);
            end += 2 * one.getValue().values().length;
            range.add(end);
            final JsonObject tensor = new JsonObject();
            tensor.addProperty("dtype", type.name());
            tensor.add("shape", shape);
            tensor.add("data_offsets", range);
            header.add(one.getKey(), tensor);
        }
        final byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        final ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + end).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        for (final LdmLayout.Values tensor : tensors.values())
            for (final float value : tensor.values()) bytes.putShort(bits(type, value));
        final String name = file.getFileName().toString();
        Files.write(
                variant.isEmpty() ? file : file.resolveSibling(name.replace(ENDING, "." + variant + ENDING)),
                bytes.array());
    }

    /** Divides the file into shards with an index. */
    public void shard(final int count) throws IOException {
        final String stem = file.getFileName().toString().replace(ENDING, "");
        final List<SafetensorsWriter> shards = new ArrayList<>();
        for (int i = 0; i < count; i++) shards.add(new SafetensorsWriter());
        final JsonObject map = new JsonObject();
        int next = 0;
        for (final Map.Entry<String, LdmLayout.Values> one : tensors().entrySet()) {
            shards.get(next % count)
                    .tensor(
                            one.getKey(),
                            one.getValue().values(),
                            one.getValue().shape());
            map.addProperty(one.getKey(), shard(stem, next++ % count, count));
        }
        for (int i = 0; i < count; i++) shards.get(i).write(file.resolveSibling(shard(stem, i, count)));
        final JsonObject index = new JsonObject();
        index.add("weight_map", map);
        Files.writeString(file.resolveSibling(stem + ENDING + ".index.json"), index.toString());
        Files.delete(file);
    }

    private static String shard(final String stem, final int number, final int count) {
        return String.format("%s-%05d-of-%05d%s", stem, number + 1, count, ENDING);
    }

    /** Gives attention layers the names of 2022. */
    public void nameAttentionAsIn2022() throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter();
        tensors()
                .forEach((name, tensor) -> writer.tensor(
                        name.contains("attentions")
                                ? name.replace(".to_q.", ".query.")
                                        .replace(".to_k.", ".key.")
                                        .replace(".to_v.", ".value.")
                                        .replace(".to_out.0.", ".proj_attn.")
                                : name,
                        tensor.values(),
                        tensor.shape()));
        writer.write(file);
    }

    private Map<String, LdmLayout.Values> tensors() throws IOException {
        final Map<String, LdmLayout.Values> tensors = new LinkedHashMap<>();
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            for (final String name : read.names())
                tensors.put(name, new LdmLayout.Values(read.shape(name), read.floats(name)));
        }
        return tensors;
    }

    private static float[] cut(final SafetensorsType type, final float[] values) {
        final float[] cut = new float[values.length];
        for (int i = 0; i < cut.length; i++) {
            final boolean tooSmall = type == SafetensorsType.F16 && Math.abs(values[i]) < 0x1p-14f;
            final int mask = type == SafetensorsType.F16 ? 0xFFFFE000 : 0xFFFF0000;
            cut[i] = tooSmall ? 0 : Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & mask);
        }
        return cut;
    }

    private static short bits(final SafetensorsType type, final float value) {
        final int bits = Float.floatToRawIntBits(value);
        if (type == SafetensorsType.BF16) return (short) (bits >>> 16);
        if (value == 0) return 0;
        return (short) (bits >>> 16 & 0x8000 | (Math.getExponent(value) + 15) << 10 | bits >>> 13 & 0x3FF);
    }
}
