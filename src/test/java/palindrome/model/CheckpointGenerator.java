package palindrome.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Makes checkpoints of any size on the spot: normal weights of standard
 * deviation 1/√fan-in, norms around one, small biases. The same seed and name
 * give the same tensor in every file; a tensor in F16 is that in F32, rounded.
 * <p>
 * Values are drawn from 4,096 quantiles and streamed to disk, so that a
 * checkpoint takes as long as writing it and no memory.
 */
public final class CheckpointGenerator {

    private static final int QUANTILES = 1 << 12;
    private static final int CHUNK = 1 << 22;
    private static final float[] NORMAL = quantiles();

    private final long seed;
    private final SafetensorsType type;

    /**
     * @param seed any number
     * @param type F32, F16 or BF16
     */
    public CheckpointGenerator(final long seed, final SafetensorsType type) {
        this.seed = seed;
        this.type = type;
    }

    /** Writes one file. */
    public void write(final Path file, final Map<String, long[]> shapes) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            final ByteBuffer header = header(shapes);
            while (header.hasRemaining()) channel.write(header);
            final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (final Map.Entry<String, long[]> one : shapes.entrySet())
                write(channel, chunk, one.getKey(), one.getValue());
        }
    }

    /** Writes a file of the right size whose data are a hole: nothing but zeros, and no room on disk. */
    public void writeHollow(final Path file, final Map<String, long[]> shapes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            final ByteBuffer header = header(shapes);
            while (header.hasRemaining()) channel.write(header);
            final long end = channel.position()
                    + shapes.values().stream().mapToLong(this::bytes).sum();
            channel.write(ByteBuffer.allocate(1), end - 1);
        }
    }

    /**
     * Writes shards of at most {@code maxBytes} (a larger tensor has its own) and
     * their index, as diffusers names them.
     *
     * @param stem {@code diffusion_pytorch_model} or {@code model}
     */
    public void writeSharded(
            final Path folder, final String stem, final Map<String, long[]> shapes, final long maxBytes)
            throws IOException {
        final List<Map<String, long[]>> shards = new ArrayList<>();
        long room = 0;
        for (final Map.Entry<String, long[]> one : shapes.entrySet()) {
            final long bytes = bytes(one.getValue());
            if (shards.isEmpty() || bytes > room) {
                shards.add(new LinkedHashMap<>());
                room = maxBytes;
            }
            shards.get(shards.size() - 1).put(one.getKey(), one.getValue());
            room -= bytes;
        }
        final JsonObject map = new JsonObject();
        for (int i = 0; i < shards.size(); i++) {
            final String name = String.format("%s-%05d-of-%05d.safetensors", stem, i + 1, shards.size());
            write(folder.resolve(name), shards.get(i));
            shards.get(i).keySet().forEach(tensor -> map.addProperty(tensor, name));
        }
        final JsonObject metadata = new JsonObject();
        metadata.addProperty(
                "total_size", shapes.values().stream().mapToLong(this::bytes).sum());
        final JsonObject index = new JsonObject();
        index.add("metadata", metadata);
        index.add("weight_map", map);
        Files.writeString(folder.resolve(stem + ".safetensors.index.json"), index.toString());
    }

    private long bytes(final long[] shape) {
        return ArchitectureShapes.size(shape) * type.bits() / 8;
    }

    private ByteBuffer header(final Map<String, long[]> shapes) {
        final JsonObject json = new JsonObject();
        long offset = 0;
        for (final Map.Entry<String, long[]> one : shapes.entrySet()) {
            final JsonArray shape = new JsonArray();
            for (final long length : one.getValue()) shape.add(length);
            final JsonArray range = new JsonArray();
            range.add(offset);
            offset += bytes(one.getValue());
            range.add(offset);
            final JsonObject tensor = new JsonObject();
            tensor.addProperty("dtype", type.name());
            tensor.add("shape", shape);
            tensor.add("data_offsets", range);
            json.add(one.getKey(), tensor);
        }
        final byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        // As the reference implementation does, which aligns data to 8 bytes.
        final int padding = Math.floorMod(-text.length, 8);
        final ByteBuffer header = ByteBuffer.allocate(8 + text.length + padding).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(text.length + padding).put(text);
        while (header.hasRemaining()) header.put((byte) ' ');
        return header.flip();
    }

    private void write(final FileChannel channel, final ByteBuffer chunk, final String name, final long[] shape)
            throws IOException {
        final float[] values = values(name, shape);
        final int[] bits =
                IntStream.range(0, QUANTILES).map(i -> bits(values[i])).toArray();
        final SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + name.hashCode());
        final int width = type.bits() / 8;
        long left = ArchitectureShapes.size(shape);
        while (left > 0) {
            final int count = (int) Math.min(left, CHUNK / width);
            chunk.clear();
            long draw = 0;
            for (int i = 0; i < count; i++) {
                if (i % 5 == 0) draw = random.nextLong();
                final int drawn = bits[(int) draw & QUANTILES - 1];
                draw >>>= 12;
                if (width == 4) chunk.putInt(drawn);
                else chunk.putShort((short) drawn);
            }
            chunk.flip();
            while (chunk.hasRemaining()) channel.write(chunk);
            left -= count;
        }
    }

    private static float[] values(final String name, final long[] shape) {
        final boolean norm = shape.length == 1 && name.endsWith(".weight");
        double scale = 0.02;
        if (norm) scale = 0.1;
        else if (shape.length > 1) scale = 1 / Math.sqrt(ArchitectureShapes.size(shape) / (double) shape[0]);
        final float[] values = new float[QUANTILES];
        for (int i = 0; i < QUANTILES; i++) values[i] = (float) ((norm ? 1 : 0) + scale * NORMAL[i]);
        return values;
    }

    private int bits(final float value) {
        final int bits = Float.floatToIntBits(value);
        return switch (type) {
            case F32 -> bits;
            case BF16 -> bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
            case F16 -> half(value);
            default -> throw new IllegalArgumentException(type + " is not generated.");
        };
    }

    /** To the nearest, ties to even; values here are far from overflow. */
    private static int half(final float value) {
        final int sign = value < 0 ? 0x8000 : 0;
        final double magnitude = Math.abs(value);
        if (magnitude < 0x1p-14) return sign | (int) Math.rint(magnitude * 0x1p24);
        final int exponent = Math.getExponent(magnitude);
        // NB: a fraction that rounds up to 1024 carries into the exponent, as it should.
        return sign | (exponent + 15 << 10) + (int) Math.rint((Math.scalb(magnitude, -exponent) - 1) * 1024);
    }

    private static float[] quantiles() {
        final NormalDistribution normal = new NormalDistribution();
        final float[] values = new float[QUANTILES];
        for (int i = 0; i < QUANTILES; i++)
            values[i] = (float) normal.inverseCumulativeProbability((i + 0.5) / QUANTILES);
        return values;
    }
}
