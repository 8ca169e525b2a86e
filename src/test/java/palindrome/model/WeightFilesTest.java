package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.Precision;

/** Tests {@link WeightFiles}. */
class WeightFilesTest {

    @TempDir
    Path folder;

    @Test
    void theVariantComesBeforePlainFilesAndAnIndexBeforeAFile() throws IOException {
        touch("other.safetensors");
        assertEquals(List.of("other.safetensors"), found(""));
        touch("model.safetensors");
        assertEquals(List.of("model.safetensors"), found(""));
        assertEquals(List.of("model.safetensors"), found("fp16"));
        touch("model.fp16.safetensors");
        assertEquals(List.of("model.fp16.safetensors"), found("fp16"));
        assertEquals(List.of("model.safetensors"), found(""));
        index("model.safetensors.index.json", "model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors");
        touch("model-00001-of-00002.safetensors");
        assertRefused("names model-00002-of-00002.safetensors, but it is not in");
        touch("model-00002-of-00002.safetensors");
        assertEquals(List.of("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"), found(""));
        assertEquals(List.of("model.fp16.safetensors"), found("fp16"));
        index("model.safetensors.index.fp16.json", "other.safetensors", "other.safetensors");
        assertEquals(List.of("other.safetensors"), found("fp16"));
    }

    @Test
    void severalFilesWithoutAnIndexAreAmbiguous() throws IOException {
        touch("a.safetensors");
        touch("b.safetensors");
        assertRefused("2 safetensors files (a.safetensors, b.safetensors)");
    }

    @Test
    void anIndexDoesNotLeadOutOfItsFolder() throws IOException {
        for (final String name : List.of("../a.safetensors", "/etc/passwd", "..", "C:\\\\a")) {
            index("model.safetensors.index.json", name, name);
            assertRefused("no plain file name");
        }
        Files.writeString(folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {}}");
        assertRefused("has no weight_map");
    }

    @Test
    void aShardOfAnotherModelIsRefused() throws IOException {
        final Path first = folder.resolve("1.safetensors");
        final Path second = folder.resolve("2.safetensors");
        new SafetensorsWriter().tensor("x", new float[1], 1).write(first);
        new SafetensorsWriter().tensor("x", new float[1], 1).write(second);
        final ModelException exc = assertThrows(ModelException.class, () -> StoredTensors.open(List.of(first, second)));
        assertTrue(exc.getMessage().contains("have the tensor 'x'"), exc.getMessage());
    }

    @Test
    void weightsThatAreNoFloatsAreRefused() throws IOException {
        final byte[] header =
                "{\"x\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}".getBytes(StandardCharsets.US_ASCII);
        final Path file = folder.resolve("i.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(16 + header.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .array());
        try (CheckpointWeights weights =
                new CheckpointWeights(StoredTensors.open(List.of(file)), null, Precision.FLOAT32)) {
            final ModelException exc =
                    assertThrows(ModelException.class, () -> weights.require("UNet", Map.of("x", new Shape(1))));
            assertTrue(exc.getMessage().contains("(x is I64)"), exc.getMessage());
        }
    }

    private void touch(final String name) throws IOException {
        Files.writeString(folder.resolve(name), "");
    }

    private void index(final String name, final String first, final String second) throws IOException {
        Files.writeString(
                folder.resolve(name),
                "{\"metadata\": {}, \"weight_map\": {\"a\": \"" + first + "\", \"b\": \"" + second + "\"}}");
    }

    private List<String> found(final String variant) throws IOException {
        return new WeightFiles(folder, "model")
                .find(variant).stream().map(f -> f.getFileName().toString()).toList();
    }

    private void assertRefused(final String part) {
        final ModelException exc = assertThrows(ModelException.class, () -> found(""));
        assertTrue(exc.getMessage().contains(part), exc.getMessage());
    }
}
