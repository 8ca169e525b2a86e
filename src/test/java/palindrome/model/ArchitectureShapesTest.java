package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.engine.TorchEngine;
import palindrome.model.ArchitectureShapes.UNet;
import palindrome.network.CLIPTextConfig;
import palindrome.network.CLIPTextModel;
import palindrome.network.UNet2DConditionConfig;
import palindrome.network.UNet2DConditionModel;

/** Tests {@link ArchitectureShapes} against published counts, and {@link CheckpointGenerator}. */
class ArchitectureShapesTest {

    @TempDir
    Path folder;

    @Test
    void countsAreThoseOfThePublishedModels() {
        assertCounts(686, 859_520_964L, ArchitectureShapes.unet(UNet.sd1(4)));
        assertCounts(686, 859_535_364L, ArchitectureShapes.unet(UNet.sd1(9)));
        assertCounts(686, 865_910_724L, ArchitectureShapes.unet(UNet.sd2(4)));
        assertCounts(1680, 2_567_463_684L, ArchitectureShapes.unet(UNet.sdxl()));
        assertCounts(340, 361_279_120L, ArchitectureShapes.controlNet(UNet.sd1(4)));
        assertCounts(248, 83_653_863L, ArchitectureShapes.vae());
        assertCounts(196, 123_060_480L, ArchitectureShapes.clipText(768, 12));
        assertCounts(372, 340_387_840L, ArchitectureShapes.clipText(1024, 23));
        assertCounts(517, 694_659_840L, ArchitectureShapes.clipTextWithProjection(1280, 32));
    }

    /** The networks ask for the same tensors, and the configurations of the families describe these networks. */
    @Test
    void theNetworksAskForTheSame() throws IOException {
        for (final String family : List.of("sd1", "sd2")) {
            final UNet net = family.equals("sd1") ? UNet.sd1(4) : UNet.sd2(4);
            final Path file = folder.resolve(family + ".safetensors");
            new CheckpointGenerator(1, SafetensorsType.F16)
                    .writeHollow(file, family.equals("sd1") ? LdmShapes.sd1(4) : LdmShapes.sd2(4));
            final SingleFile checkpoint = SingleFile.open(file, "");
            assertEquals(
                    shapes(ArchitectureShapes.unet(net)),
                    UNet2DConditionModel.parameterShapes(
                            UNet2DConditionConfig.fromJson(checkpoint.config("unet", "config.json"))));
            assertEquals(
                    shapes(
                            family.equals("sd1")
                                    ? ArchitectureShapes.clipText(768, 12)
                                    : ArchitectureShapes.clipText(1024, 23)),
                    CLIPTextModel.parameterShapes(
                            CLIPTextConfig.fromJson(checkpoint.config("text_encoder", "config.json"))));
        }
    }

    @Test
    void generatedTensorsFollowTheirSeedAndName() throws IOException {
        final Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("a.weight", new long[] {300, 64, 3, 3});
        shapes.put("norm.weight", new long[] {20_000});
        shapes.put("norm.bias", new long[] {20_000});
        shapes.put("scalar", new long[0]);
        final Path single = folder.resolve("single.safetensors");
        new CheckpointGenerator(7, SafetensorsType.F32).write(single, shapes);
        new CheckpointGenerator(7, SafetensorsType.F32)
                .writeSharded(folder.resolve("sharded"), "model", shapes, 500_000);
        new CheckpointGenerator(7, SafetensorsType.F16).write(folder.resolve("half.safetensors"), shapes);
        new CheckpointGenerator(8, SafetensorsType.BF16).write(folder.resolve("other.safetensors"), shapes);
        try (StoredTensors plain = StoredTensors.open(List.of(single));
                StoredTensors sharded = new WeightFiles(folder.resolve("sharded"), "model").open("");
                StoredTensors half = StoredTensors.open(List.of(folder.resolve("half.safetensors")));
                StoredTensors other = StoredTensors.open(List.of(folder.resolve("other.safetensors")));
                NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            assertEquals(
                    2,
                    new WeightFiles(folder.resolve("sharded"), "model").find("").size());
            for (final String name : shapes.keySet()) {
                final float[] values = plain.byName().get(name).floats();
                assertArrayEquals(values, sharded.byName().get(name).floats());
                final float[] narrow = half.byName().get(name).floats();
                for (int i = 0; i < values.length; i++)
                    assertEquals(values[i], narrow[i], Math.max(0x1p-25, Math.abs(values[i]) * 0x1p-11));
                // Native widening gives the bits of the widening in Java.
                for (final StoredTensors sixteen : List.of(half, other)) {
                    final StoredTensor tensor = sixteen.byName().get(name);
                    final NDArray array = tensor.read(manager);
                    assertEquals(new Shape(tensor.shape()), array.getShape());
                    assertArrayEquals(tensor.floats(), array.toFloatArray());
                }
            }
            assertMoments(
                    0, 1 / Math.sqrt(64 * 9), plain.byName().get("a.weight").floats());
            assertMoments(
                    0, 1 / Math.sqrt(64 * 9), other.byName().get("a.weight").floats());
            assertMoments(1, 0.1, plain.byName().get("norm.weight").floats());
            assertMoments(0, 0.02, plain.byName().get("norm.bias").floats());
        }
    }

    private static void assertMoments(final double mean, final double deviation, final float[] values) {
        double sum = 0;
        double squares = 0;
        for (final float value : values) {
            sum += value;
            squares += (value - mean) * (value - mean);
        }
        final double error = 5 * deviation / Math.sqrt(values.length);
        assertEquals(mean, sum / values.length, error);
        assertEquals(deviation, Math.sqrt(squares / values.length), error);
    }

    private static void assertCounts(final int tensors, final long parameters, final Map<String, long[]> shapes) {
        assertEquals(tensors, shapes.size());
        assertEquals(parameters, ArchitectureShapes.parameters(shapes));
        assertTrue(shapes.values().stream().allMatch(shape -> shape.length > 0));
    }

    static Map<String, Shape> shapes(final Map<String, long[]> plain) {
        final Map<String, Shape> shapes = new LinkedHashMap<>();
        plain.forEach((name, shape) -> shapes.put(name, new Shape(shape)));
        return shapes;
    }
}
