package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

class CLIPTextModelTest {

    private static final double TOLERANCE = 2e-5;

    @ParameterizedTest
    @ValueSource(strings = {"clip_quick_gelu", "clip_gelu"})
    void equalsTransformers(final String folder) throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                CLIPTextModel text = text(folder, manager)) {
            final ReferenceTensors reference =
                    ReferenceTensors.read(manager, DataType.FLOAT32, folder + "/case.safetensors");
            for (int k = 0; k < 2; k++) {
                final NDArray ids = reference.get(k + ".input_ids");
                final NDArray last = text.lastHiddenState(ids);
                assertClose(reference.get(k + ".out.last_hidden_state"), last, folder + " last " + k);
                assertClose(reference.get(k + ".out.pooler_output"), text.pooled(last, ids), folder + " pooled " + k);
                assertClose(reference.get(k + ".out.skip1"), text.lastHiddenState(ids, 1), folder + " skip1 " + k);
                assertClose(reference.get(k + ".out.skip2"), text.lastHiddenState(ids, 2), folder + " skip2 " + k);
            }
            final NDArray ids = reference.get("1.input_ids");
            for (int n = 0; n <= text.config().numHiddenLayers(); n++)
                assertClose(reference.get("1.out.hidden." + n), text.hiddenState(ids, n), folder + " hidden " + n);
        }
    }

    @Test
    void namesMayLackTheirPrefix() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final ReferenceTensors full =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "clip_gelu/model.safetensors");
            final Weights flattened = new Weights() {

                @Override
                public NDArray get(final String name, final long... shape) {
                    return full.get("text_model." + name, shape);
                }

                @Override
                public boolean contains(final String name) {
                    return full.contains("text_model." + name);
                }
            };
            try (CLIPTextModel text = new CLIPTextModel(config("clip_gelu"), flattened)) {
                final ReferenceTensors reference =
                        ReferenceTensors.read(manager, DataType.FLOAT32, "clip_gelu/case.safetensors");
                assertClose(
                        reference.get("0.out.last_hidden_state"),
                        text.lastHiddenState(reference.get("0.input_ids")),
                        "without prefix");
            }
        }
    }

    @Test
    void leavesOneArrayBehind() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                CLIPTextModel text = text("clip_gelu", manager);
                NDManager own = manager.newSubManager()) {
            final NDArray ids = Tensors.of(own, new long[] {1, 5, 847}, 1, 3);
            for (int i = 1; i <= 3; i++) {
                assertEquals(own, text.lastHiddenState(ids).getManager());
                assertEquals(1 + i, own.getManagedArrays().size());
            }
        }
    }

    @Test
    void countsParametersOfClipL() {
        final JsonObject json = JsonParser.parseString("{\"hidden_size\": 768, \"intermediate_size\": 3072}")
                .getAsJsonObject();
        final Map<String, Shape> shapes = CLIPTextModel.parameterShapes(CLIPTextConfig.fromJson(json));
        assertEquals(196, shapes.size());
        assertEquals(
                123_060_480L, shapes.values().stream().mapToLong(Shape::size).sum());
        assertTrue(shapes.containsKey("text_model.encoder.layers.11.self_attn.q_proj.weight"));
    }

    @Test
    void aLongSequenceIsRefused() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                CLIPTextModel text = text("clip_gelu", manager)) {
            final NDArray ids = Tensors.zeros(manager, DataType.INT64, 1, 78);
            assertTrue(assertThrows(IllegalArgumentException.class, () -> text.lastHiddenState(ids))
                    .getMessage()
                    .contains("up to 77"));
        }
    }

    private static void assertClose(final NDArray expected, final NDArray actual, final String what) {
        assertEquals(expected.getShape(), actual.getShape(), what);
        final double difference = expected.sub(actual).abs().max().getFloat();
        final double scale = Math.max(1, expected.abs().max().getFloat());
        assertTrue(difference <= TOLERANCE * scale, what + ": max difference " + difference + " of " + scale);
    }

    private static CLIPTextConfig config(final String folder) throws IOException {
        return CLIPTextConfig.fromJson(ReferenceTensors.json(folder + "/config.json"));
    }

    private static CLIPTextModel text(final String folder, final NDManager manager) throws IOException {
        return new CLIPTextModel(
                config(folder), ReferenceTensors.read(manager, DataType.FLOAT32, folder + "/model.safetensors"));
    }
}
