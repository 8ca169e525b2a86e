package palindrome.model;

import ai.djl.ndarray.NDArray;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes float32 and float16 tensors and metadata as a safetensors file, whole or not at
 * all.
 * <p>
 * Tensors are fetched one after the other while writing, so that no second copy
 * of a model is held.
 */
public final class SafetensorsWriter {

    private record Tensor(SafetensorsType type, long[] shape, long size, Data data) {

        long bytes() {
            return size * type.bits() / 8;
        }
    }

    /** Little-endian values on their way to the file. */
    private interface Data {

        void writeTo(FileChannel channel) throws IOException;
    }

    /** Data begin here, so that a mapped file has aligned tensors. */
    private static final int ALIGNMENT = 64;

    private static final int CHUNK = 1 << 16;

    private final Gson gson = new GsonBuilder().disableHtmlEscaping().create();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    public SafetensorsWriter() {
        // Python's transformers refuses files without this one.
        metadata.put("format", "pt");
    }

    /**
     * Writes arrays in one go.
     *
     * @param file the file to write, replaced if it exists
     * @param tensors float32 arrays by name
     * @param metadata free text by key
     * @throws IOException if it cannot be written; then nothing has changed
     */
    public static void write(final Path file, final Map<String, NDArray> tensors, final Map<String, String> metadata)
            throws IOException {
        final SafetensorsWriter writer = new SafetensorsWriter();
        metadata.forEach(writer::metadata);
        tensors.forEach(writer::tensor);
        writer.write(file);
    }

    /**
     * @param key a name
     * @param value any text
     * @return this
     */
    public SafetensorsWriter metadata(final String key, final String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * @param name the tensor's name, given once
     * @param values row-major values, not copied: leave them alone until written
     * @param shape sizes whose product is the number of values
     * @return this
     * @throws IllegalArgumentException if the name is taken or the sizes do not
     *           fit
     */
    public SafetensorsWriter tensor(final String name, final float[] values, final long... shape) {
        final long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (size != values.length)
            throw new IllegalArgumentException("Tensor '" + name
                    + "' of shape " + Arrays.toString(shape) + " holds " + size + " values, but there are "
                    + values.length + ".");
        return add(name, new Tensor(SafetensorsType.F32, shape.clone(), size, channel -> write(values, channel)));
    }

    /**
     * @param name the tensor's name, given once
     * @param array a float32 or float16 array, kept open until written
     * @return this
     * @throws IllegalArgumentException if the name is taken or the type is
     *           another
     */
    public SafetensorsWriter tensor(final String name, final NDArray array) {
        final long[] shape = array.getShape().getShape();
        return switch (array.getDataType()) {
            case FLOAT32 ->
                add(
                        name,
                        new Tensor(
                                SafetensorsType.F32,
                                shape,
                                array.size(),
                                channel -> write(array.toFloatArray(), channel)));
            case FLOAT16 ->
                add(
                        name,
                        new Tensor(
                                SafetensorsType.F16,
                                shape,
                                array.size(),
                                channel -> writeAll(channel, array.toByteBuffer())));
            default ->
                throw new IllegalArgumentException("Tensor '" + name + "' is " + array.getDataType()
                        + ", but only float32 and float16 are written.");
        };
    }

    /**
     * @param file the file to write, replaced if it exists
     * @throws IOException if it cannot be written; then nothing has changed
     */
    public void write(final Path file) throws IOException {
        AtomicFile.write(file, this::writeTo);
    }

    private SafetensorsWriter add(final String name, final Tensor tensor) {
        if (name.equals("__metadata__") || tensors.putIfAbsent(name, tensor) != null)
            throw new IllegalArgumentException("The name '" + name + "' is already taken.");
        return this;
    }

    private void writeTo(final FileChannel channel) throws IOException {
        writeAll(channel, header());
        for (final Tensor tensor : tensors.values()) tensor.data().writeTo(channel);
    }

    private static void write(final float[] values, final FileChannel channel) throws IOException {
        final ByteBuffer chunk =
                ByteBuffer.allocateDirect(Math.min(CHUNK, values.length) * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < values.length; at += CHUNK) {
            final int count = Math.min(CHUNK, values.length - at);
            chunk.clear();
            chunk.asFloatBuffer().put(values, at, count);
            writeAll(channel, chunk.limit(count * 4));
        }
    }

    private ByteBuffer header() {
        final JsonObject json = new JsonObject();
        json.add("__metadata__", gson.toJsonTree(metadata));
        long offset = 0;
        for (final Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            final JsonArray shape = new JsonArray();
            for (final long length : entry.getValue().shape()) shape.add(length);
            final JsonArray range = new JsonArray();
            range.add(offset);
            offset += entry.getValue().bytes();
            range.add(offset);
            final JsonObject tensor = new JsonObject();
            tensor.addProperty("dtype", entry.getValue().type().name());
            tensor.add("shape", shape);
            tensor.add("data_offsets", range);
            json.add(entry.getKey(), tensor);
        }
        final byte[] text = gson.toJson(json).getBytes(StandardCharsets.UTF_8);
        final int padding = Math.floorMod(-(8 + text.length), ALIGNMENT);
        final ByteBuffer header = ByteBuffer.allocate(8 + text.length + padding).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(text.length + padding).put(text);
        while (header.hasRemaining()) header.put((byte) ' ');
        return header.flip();
    }

    private static void writeAll(final FileChannel channel, final ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) channel.write(buffer);
    }
}
