package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** Tests {@link SafetensorsFile} and {@link SafetensorsWriter}. */
class SafetensorsTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadBackBitForBit() throws IOException {
        final float[] values = randomBits(70_000);
        final Path file = folder.resolve("new/model.safetensors");
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray array = Tensors.of(manager, new float[] {1, -2, 3, 4, 5, 6}, 2, 3);
            new SafetensorsWriter()
                    .metadata("palindrome", "a \"text\" \u00b5")
                    .tensor("large", values, 7, 100, 100)
                    .tensor("array", array)
                    .tensor("half", Tensors.cast(array, DataType.FLOAT16))
                    .tensor("empty", new float[0], 0, 4)
                    .tensor("scalar", new float[] {0.5f})
                    .write(file);
            try (SafetensorsFile read = SafetensorsFile.open(file)) {
                assertEquals(List.of("large", "array", "half", "empty", "scalar"), List.copyOf(read.names()));
                assertEquals(Map.of("format", "pt", "palindrome", "a \"text\" \u00b5"), read.metadata());
                assertArrayEquals(bits(values), bits(read.floats("large")));
                assertArrayEquals(new long[] {7, 100, 100}, read.shape("large"));
                final NDArray large = read.get("large", manager);
                read.close();
                // The mapping must live as long as the tensor, whatever is collected.
                System.gc();
                assertArrayEquals(bits(values), bits(large.toFloatArray()));
                assertEquals(new Shape(7, 100, 100), large.getShape());
            }
            try (SafetensorsFile read = SafetensorsFile.open(file)) {
                assertArrayEquals(
                        array.toFloatArray(), read.get("array", manager).toFloatArray());
                assertArrayEquals(
                        array.toFloatArray(), read.get("half", manager).toFloatArray());
                assertEquals(new Shape(0, 4), read.get("empty", manager).getShape());
                assertEquals(new Shape(), read.get("scalar", manager).getShape());
                assertEquals(0.5f, read.get("scalar", manager).getFloat());
                assertMessage("has no tensor 'other'", () -> read.get("other", manager));
            }
        }
    }

    /** Not a copy of them: what is written there afterwards is seen. Sixteen bits are widened into memory of their own. */
    @Test
    void floatsOnTheCpuAreTheFilesOwnPages() throws IOException {
        for (final SafetensorsType type : new SafetensorsType[] {SafetensorsType.F32, SafetensorsType.F16}) {
            final Path path = folder.resolve(type + ".safetensors");
            new CheckpointGenerator(1, type).write(path, Map.of("x", new long[] {64, 64}));
            try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                    SafetensorsFile file = SafetensorsFile.open(path)) {
                final NDArray array = file.get("x", manager);
                final float[] before = array.toFloatArray();
                final byte[] bytes = Files.readAllBytes(path);
                // the last number: 1 in either type, little end first
                final byte[] one = type == SafetensorsType.F32 ? new byte[] {0, 0, -128, 63} : new byte[] {0, 60};
                try (SeekableByteChannel channel = Files.newByteChannel(path, StandardOpenOption.WRITE)) {
                    channel.position(bytes.length - one.length);
                    channel.write(ByteBuffer.wrap(one));
                }
                final float[] after = array.toFloatArray();
                assertEquals(type == SafetensorsType.F32 ? 1 : before[4095], after[4095]);
                assertEquals(before[4094], after[4094]);
                assertTrue(before[4095] != 1, "the same number shows nothing");
            }
        }
    }

    @Test
    void sixteenBitFloatsWidenExactly() throws IOException {
        // Every bit pattern of both types, against their definitions.
        for (int bits = 0; bits < 1 << 16; bits++) {
            final float half = FloatWidening.FLOAT16.widen((short) bits);
            final int exponent = bits >> 10 & 31;
            final double fraction = (bits & 1023) / 1024.0;
            final double magnitude = exponent == 31
                    ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                    : exponent == 0 ? Math.scalb(fraction, -14) : Math.scalb(1 + fraction, exponent - 15);
            assertEquals(bits >> 15 == 0 ? magnitude : -magnitude, half, "half " + bits);
            assertEquals(
                    bits << 16,
                    Float.floatToRawIntBits(FloatWidening.BFLOAT16.widen((short) bits)),
                    "bfloat16 " + bits);
        }
        final ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        data.putShort((short) 0x3C00)
                .putShort((short) 0xC000)
                .putShort((short) 0x3555)
                .putShort((short) 0x3F80)
                .putShort((short) 0xC000)
                .putShort((short) 0x3EAB);
        final Path file = raw(
                "{\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[6,12]}}",
                data.array());
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                SafetensorsFile read = SafetensorsFile.open(file)) {
            final NDArray half = read.get("h", manager);
            assertEquals(DataType.FLOAT32, half.getDataType());
            assertArrayEquals(new float[] {1, -2, 0x1.554p-2f}, half.toFloatArray());
            assertArrayEquals(
                    new float[] {1, -2, 0x1.56p-2f}, read.get("b", manager).toFloatArray());
            assertArrayEquals(read.floats("b"), read.get("b", manager).toFloatArray());
        }
    }

    @Test
    void otherTypesAndUnalignedTensorsAreRead() throws IOException {
        final ByteBuffer data = ByteBuffer.allocate(1 + 4 + 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
        data.put((byte) 7).putFloat(1.5f).putLong(-5).putDouble(0.1);
        final Path file = raw(
                "{\"u\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]},"
                        + "\"f\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]},"
                        + "\"i\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[5,13]},"
                        + "\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[13,21]}}   ",
                data.array());
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                SafetensorsFile read = SafetensorsFile.open(file)) {
            assertEquals(7, read.get("u", manager).toUint8Array()[0]);
            assertEquals(1.5f, read.get("f", manager).getFloat(0));
            assertEquals(-5, read.get("i", manager).getLong(0));
            assertEquals(0.1, read.get("d", manager).getDouble(0));
            assertEquals(0.1f, read.floats("d")[0]);
            assertMessage("not supported", () -> read.floats("i"));
        }
        final Path odd = raw("{\"q\":{\"dtype\":\"F8_E4M3\",\"shape\":[2],\"data_offsets\":[0,2]}}", new byte[2]);
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                SafetensorsFile read = SafetensorsFile.open(odd)) {
            assertMessage("F8_E4M3", () -> read.get("q", manager));
        }
    }

    @Test
    void aFileInsideAJarIsReadWithoutUnpacking() throws IOException {
        final Path jar = folder.resolve("plugin.jar");
        final Path file = folder.resolve("a.safetensors");
        new SafetensorsWriter().tensor("x", new float[] {1, 2}, 2).write(file);
        try (FileSystem zip = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
            Files.copy(file, zip.getPath("a.safetensors"));
        }
        try (FileSystem zip = FileSystems.newFileSystem(jar);
                NDManager manager = TorchEngine.start().newManager(Device.cpu());
                SafetensorsFile read = SafetensorsFile.open(zip.getPath("a.safetensors"))) {
            assertArrayEquals(new float[] {1, 2}, read.get("x", manager).toFloatArray());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // begin with a whole file, then what is wrong with it
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|4|it was cut off",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|9|1 bytes behind its last tensor",
                "{}|3|3 bytes behind its last tensor",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[2,6]}}|6|'b' overlaps",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|4|overlaps",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[6,10]}}|10|gap of 2 bytes",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|8|gap of 4 bytes",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|8|key 'a' twice",
                "{'a':{'dtype':'F32','dtype':'F32','shape':[1],'data_offsets':[0,4]}}|4|key 'dtype' twice",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}|4|-4 in its data_offsets",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}}|4|data offsets [4, 0]",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4,8]}}|4|data offsets",
                "{'a':{'dtype':'F16','shape':[2],'data_offsets':[0,8]}}|8|takes 4 bytes",
                "{'a':{'dtype':'F64','shape':[2],'data_offsets':[0,8]}}|8|takes 16 bytes",
                "{'a':{'dtype':'F4','shape':[3],'data_offsets':[0,2]}}|2|whole bytes",
                "{'a':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}}|8|unknown element type",
                "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}|0|impossible shape",
                "{'a':{'dtype':'F32','shape':[9223372036854775807],'data_offsets':[0,8]}}|8|impossible shape",
                "{'a':{'dtype':'F32','shape':[9223372036854775808],'data_offsets':[0,8]}}|8|whole number",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|8|-2 in its shape",
                "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}}|8|whole number",
                "{'a':{'dtype':'F32','shape':['2'],'data_offsets':[0,8]}}|8|whole number",
                "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}|8|no list 'shape'",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}}|8|other keys",
                "{'a':{'dtype':'F32','shape':[2]}}|8|other keys",
                "{'a':3}|0|object",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}|8|not valid JSON",
                "{}{}|0|not valid JSON",
                "[]|0|does not begin with '{'",
                "{'__metadata__':{'a':1}}|0|is not a text",
                "{'__metadata__':'x'}|0|not an object"
            })
    void damagedHeadersAreRefused(final String header, final int dataBytes, final String message) throws IOException {
        final Path file = raw(header.replace('\'', '"'), new byte[dataBytes]);
        assertMessage(message, () -> SafetensorsFile.open(file));
    }

    @Test
    void filesOfAnotherKindAreRefused() throws IOException {
        final Path file = folder.resolve("x.safetensors");
        assertMessage("is missing", () -> SafetensorsFile.open(file));
        Files.write(file, new byte[0]);
        assertMessage("only 0 bytes", () -> SafetensorsFile.open(file));
        Files.write(file, "PK\3\4 this is a zip, in truth".getBytes(StandardCharsets.US_ASCII));
        assertMessage("not a safetensors file", () -> SafetensorsFile.open(file));
        for (final long length : new long[] {100_000_001, -1, Long.MIN_VALUE}) {
            Files.write(
                    file,
                    ByteBuffer.allocate(8)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());
            assertMessage("more than 100000000", () -> SafetensorsFile.open(file));
        }
        Files.write(
                file,
                ByteBuffer.allocate(20)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(13)
                        .array());
        assertMessage("the file ends after 12", () -> SafetensorsFile.open(file));
        Files.write(
                file,
                ByteBuffer.allocate(12)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(4)
                        .put(new byte[] {'{', (byte) 0xFF, '"', '}'})
                        .array());
        assertMessage("UTF-8", () -> SafetensorsFile.open(file));
        final String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertMessage("levels deep", () -> SafetensorsFile.open(raw(deep, new byte[0])));
    }

    @Test
    void picklesAreRefusedWithTheRemedy() throws IOException {
        for (final String name : new String[] {"pytorch_model.bin", "sd.ckpt", "X.PT", "a.pth"}) {
            final Path file = Files.write(folder.resolve(name), new byte[] {1});
            assertMessage("safe_serialization=True", () -> SafetensorsFile.open(file));
        }
    }

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
        final Path file = folder.resolve("m.safetensors");
        new SafetensorsWriter().tensor("x", new float[] {1}, 1).write(file);
        final byte[] before = Files.readAllBytes(file);
        assertThrows(
                IOException.class,
                () -> AtomicFile.write(file, channel -> {
                    channel.write(ByteBuffer.allocate(1 << 20));
                    throw new IOException("No space left on device");
                }));
        assertArrayEquals(before, Files.readAllBytes(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void wrongTensorsAreNotWritten() {
        final SafetensorsWriter writer = new SafetensorsWriter();
        assertThrows(IllegalArgumentException.class, () -> writer.tensor("x", new float[3], 2));
        writer.tensor("x", new float[2], 2);
        assertThrows(IllegalArgumentException.class, () -> writer.tensor("x", new float[2], 2));
        assertThrows(IllegalArgumentException.class, () -> writer.tensor("__metadata__", new float[2], 2));
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray wide = Tensors.of(manager, new double[1], 1);
            assertThrows(IllegalArgumentException.class, () -> writer.tensor("d", wide));
        }
    }

    private interface Action {

        Object run() throws IOException;
    }

    private static void assertMessage(final String part, final Action action) {
        final ModelException exc = assertThrows(ModelException.class, action::run);
        assertTrue(exc.getMessage().contains(part), exc.getMessage());
    }

    private Path raw(final String header, final byte[] data) throws IOException {
        final byte[] text = header.getBytes(StandardCharsets.UTF_8);
        final ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data);
        return Files.write(folder.resolve("raw.safetensors"), bytes.array());
    }

    private static float[] randomBits(final int count) {
        final Random random = new Random(1);
        final float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = Float.intBitsToFloat(random.nextInt());
        return values;
    }

    private static int[] bits(final float[] values) {
        final int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) bits[i] = Float.floatToRawIntBits(values[i]);
        return bits;
    }
}
