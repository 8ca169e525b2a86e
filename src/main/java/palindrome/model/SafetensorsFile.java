package palindrome.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import palindrome.engine.Bits16;
import palindrome.engine.Tensors;

/**
 * A safetensors file, checked when it is opened and mapped into memory: a
 * float32 tensor on the CPU is the file's own pages, not a copy.
 * <p>
 * Layout: 8 bytes little-endian header length N; N bytes of JSON, name to
 * {@code dtype}, {@code shape} and {@code data_offsets}; then the data,
 * row-major and little-endian. Nothing in the format runs code.
 * <p>
 * Tensors stay valid after {@link #close()}: each keeps its pages alive. A file
 * that is overwritten in place while its tensors are in use changes them; our
 * own writer never does that.
 */
public final class SafetensorsFile implements AutoCloseable {

    /** The reference implementation's own limit. */
    static final long MAX_HEADER = 100_000_000;

    private final Path path;
    private final SeekableByteChannel channel;
    private final long dataStart;
    private final SafetensorsHeader header;

    /** Takes the 16-bit values that are being widened. */
    private ByteBuffer scratch = ByteBuffer.allocateDirect(0);

    private SafetensorsFile(
            final Path path, final SeekableByteChannel channel, final long dataStart, final SafetensorsHeader header) {
        this.path = path;
        this.channel = channel;
        this.dataStart = dataStart;
        this.header = header;
    }

    /**
     * @param path the file, on disk or inside a zip file system
     * @return the open file
     * @throws ModelException if it is missing, damaged, or not a safetensors
     *           file
     * @throws IOException if it cannot be read
     */
    public static SafetensorsFile open(final Path path) throws IOException {
        PickleRefusal.check(path);
        ModelFile.require(path);
        SeekableByteChannel channel = null;
        try {
            // NB: only a channel of the default file system can be mapped.
            channel = isMappable(path) ? FileChannel.open(path, StandardOpenOption.READ) : Files.newByteChannel(path);
            final SafetensorsFile file = parse(path, channel);
            channel = null;
            return file;
        } finally {
            if (channel != null) channel.close();
        }
    }

    private static SafetensorsFile parse(final Path path, final SeekableByteChannel channel) throws IOException {
        final long size = channel.size();
        if (size < 8) throw new ModelException(path + " is not a safetensors file: it has only " + size + " bytes.");
        final long length =
                bytes(channel, path, 0, 8).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 0 || length > MAX_HEADER)
            throw new ModelException(path + " is not a safetensors file: its header would take "
                    + Long.toUnsignedString(length) + " bytes, more than " + MAX_HEADER + ".");
        if (length > size - 8)
            throw new ModelException(path + " is damaged: its header should take "
                    + length + " bytes, but the file ends after "
                    + (size - 8) + ". Copy or download it again.");
        final ByteBuffer json = bytes(channel, path, 8, (int) length);
        final long dataStart = 8 + length;
        return new SafetensorsFile(
                path, channel, dataStart, SafetensorsHeader.parse(path.toString(), json, size - dataStart));
    }

    /** @return where the file lies */
    public Path path() {
        return path;
    }

    /** @return the tensors' names, in the order of the file's header */
    public Set<String> names() {
        return header.tensors().keySet();
    }

    /** @return free text of whoever wrote the file */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * @param name a tensor of this file
     * @return its sizes, slowest axis first; empty for a scalar
     * @throws ModelException if there is none of that name
     */
    public long[] shape(final String name) throws ModelException {
        return entry(name).shapeArray();
    }

    /**
     * @param name a tensor of this file
     * @return its element type in the file
     * @throws ModelException if there is none of that name
     */
    public SafetensorsType type(final String name) throws ModelException {
        return entry(name).type();
    }

    /**
     * One tensor, in the type of the file where the engine knows it; 16-bit
     * floats become float32, without loss. NB: on a CPU the array may be the
     * file's pages, which are read-only: changing it in place would end the
     * process. Copy what is to be trained ({@link #floats}).
     *
     * @param name a tensor of this file
     * @param manager owner of the array
     * @return the array
     * @throws ModelException if there is none of that name, or its type has no
     *           counterpart
     * @throws IOException if the file cannot be read
     */
    public NDArray get(final String name, final NDManager manager) throws IOException {
        return get(name, 0, entry(name).shapeArray(), manager);
    }

    /**
     * Some of a tensor's values, as {@link #get(String, NDManager)}.
     *
     * @param name a tensor of this file
     * @param first place of the first value, row-major
     * @param shape sizes of the result
     * @param manager owner of the array
     * @return the array
     */
    NDArray get(final String name, final long first, final long[] shape, final NDManager manager) throws IOException {
        final SafetensorsHeader.Entry entry = entry(name);
        final DataType type = counterpart(name, entry);
        final long count = new Shape(shape).size();
        if (count == 0) return Tensors.zeros(manager, entry.type().isFloat() ? wide(entry.type()) : type, shape);
        return switch (entry.type()) {
            case F16 -> widened(Bits16.FLOAT16, manager, name, entry, first, shape);
            case BF16 -> widened(Bits16.BFLOAT16, manager, name, entry, first, shape);
            default -> {
                final ByteBuffer data = data(name, entry, first, count);
                final boolean shared = manager.getDevice().equals(Device.cpu())
                        && data.alignmentOffset(0, entry.type().bits() / 8) == 0;
                yield Tensors.of(manager, shared ? data : copy(data), type, shape);
            }
        };
    }

    /** NB: what is read once is read faster than it is mapped; mapping costs a page fault every few pages. */
    private NDArray widened(
            final Bits16 bits,
            final NDManager manager,
            final String name,
            final SafetensorsHeader.Entry entry,
            final long first,
            final long[] shape)
            throws IOException {
        final int length = length(name, entry, new Shape(shape).size());
        synchronized (channel) {
            if (scratch.capacity() < length) scratch = ByteBuffer.allocateDirect(length);
            read(channel, path, start(entry, first), scratch.clear().limit(length));
            return bits.widen(manager, scratch.flip().order(ByteOrder.LITTLE_ENDIAN), shape);
        }
    }

    /**
     * @param name a tensor of this file, of a float type
     * @return its values in float32, row-major, in a new array
     * @throws ModelException if there is none of that name, or it holds no floats
     * @throws IOException if the file cannot be read
     */
    public float[] floats(final String name) throws IOException {
        return floats(name, 0, new Shape(entry(name).shapeArray()).size());
    }

    /** As above, {@code count} values from the given place on. */
    float[] floats(final String name, final long first, final long count) throws IOException {
        final SafetensorsHeader.Entry entry = entry(name);
        if (!entry.type().isFloat()) throw unsupported(name, entry);
        final ByteBuffer data = data(name, entry, first, count);
        switch (entry.type()) {
            case F16:
                return FloatWidening.FLOAT16.widen(data);
            case BF16:
                return FloatWidening.BFLOAT16.widen(data);
            case F32:
                final float[] values = new float[data.remaining() / 4];
                data.asFloatBuffer().get(values);
                return values;
            case F64:
                final float[] narrowed = new float[data.remaining() / 8];
                for (int i = 0; i < narrowed.length; i++) narrowed[i] = (float) data.getDouble();
                return narrowed;
            default:
                throw unsupported(name, entry);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private SafetensorsHeader.Entry entry(final String name) throws ModelException {
        final SafetensorsHeader.Entry entry = header.tensors().get(name);
        if (entry == null) throw new ModelException(path + " has no tensor '" + name + "'.");
        return entry;
    }

    private DataType counterpart(final String name, final SafetensorsHeader.Entry entry) throws ModelException {
        return switch (entry.type()) {
            case F64 -> DataType.FLOAT64;
            case F32 -> DataType.FLOAT32;
            case F16, BF16 -> DataType.FLOAT16;
            case I64 -> DataType.INT64;
            case I32 -> DataType.INT32;
            case I8 -> DataType.INT8;
            case U8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
            default -> throw unsupported(name, entry);
        };
    }

    private static DataType wide(final SafetensorsType type) {
        return type == SafetensorsType.F64 ? DataType.FLOAT64 : DataType.FLOAT32;
    }

    /** @param first place of the first value; the type has whole bytes */
    private ByteBuffer data(final String name, final SafetensorsHeader.Entry entry, final long first, final long count)
            throws IOException {
        final int length = length(name, entry, count);
        final long start = start(entry, first);
        // NB: pages behind the end of a file that shrank would end the process.
        if (channel.size() < start + length)
            throw new ModelException(path + " has become shorter since it was opened. Copy or download it again.");
        final ByteBuffer data = channel instanceof FileChannel mappable && isMappable(path)
                ? mappable.map(FileChannel.MapMode.READ_ONLY, start, length)
                : bytes(channel, path, start, length);
        return data.order(ByteOrder.LITTLE_ENDIAN);
    }

    private long start(final SafetensorsHeader.Entry entry, final long first) {
        return dataStart + entry.begin() + first * (entry.type().bits() / 8);
    }

    private int length(final String name, final SafetensorsHeader.Entry entry, final long count) throws ModelException {
        final long bytes = count * (entry.type().bits() / 8);
        // NB: Java's buffers are indexed by int.
        if (bytes > Integer.MAX_VALUE)
            throw new ModelException(path + ": tensor '" + name + "' of shape " + entry.shape()
                    + " is larger than 2 GiB, which cannot be read.");
        return (int) bytes;
    }

    private ModelException unsupported(final String name, final SafetensorsHeader.Entry entry) {
        return new ModelException(path + ": tensor '" + name + "' has the type " + entry.type()
                + ", which is not supported here. Convert the file to F32 or F16.");
    }

    private static boolean isMappable(final Path path) {
        return path.getFileSystem().equals(FileSystems.getDefault());
    }

    private static ByteBuffer copy(final ByteBuffer data) {
        return ByteBuffer.allocateDirect(data.remaining())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(data)
                .flip();
    }

    private static ByteBuffer bytes(
            final SeekableByteChannel channel, final Path path, final long start, final int length) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(length);
        read(channel, path, start, buffer);
        return buffer.flip();
    }

    private static void read(
            final SeekableByteChannel channel, final Path path, final long start, final ByteBuffer buffer)
            throws IOException {
        synchronized (channel) {
            channel.position(start);
            while (buffer.hasRemaining())
                if (channel.read(buffer) < 0) throw new ModelException(path + " ended while it was read.");
        }
    }
}
