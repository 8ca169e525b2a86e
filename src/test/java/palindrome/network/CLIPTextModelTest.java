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

    /** The encoder of Stable Diffusion 2, which lacks its last layer, and the second one of XL. */
    @Test
    void countsParametersOfOpenClip() {
        final JsonObject json = ReferenceTensors.parse("{\"hidden_size\": 1024, \"intermediate_size\": 4096,"
                + "\"num_hidden_layers\": 23, \"num_attention_heads\": 16, \"hidden_act\": \"gelu\"}");
        final Map<String, Shape> h = CLIPTextModel.parameterShapes(CLIPTextConfig.fromJson(json));
        assertEquals(372, h.size());
        assertEquals(340_387_840L, h.values().stream().mapToLong(Shape::size).sum());
        final JsonObject big = ReferenceTensors.parse("{\"hidden_size\": 1280, \"intermediate_size\": 5120,"
                + "\"num_hidden_layers\": 32, \"num_attention_heads\": 20, \"hidden_act\": \"gelu\","
                + "\"projection_dim\": 1280}");
        final Map<String, Shape> g = CLIPTextModelWithProjection.parameterShapes(CLIPTextConfig.fromJson(big));
        assertEquals(517, g.size());
        assertEquals(694_659_840L, g.values().stream().mapToLong(Shape::size).sum());
    }

    /** text_embeds is text_projection times the pooled state: transformers' definition, written out. */
    @Test
    void theProjectionIsAMatrixOnThePooledState() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final ReferenceTensors file =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "clip_gelu/model.safetensors");
            final float[] drawn = new float[32 * 32];
            for (int i = 0; i < drawn.length; i++) drawn[i] = (float) Math.sin(i);
            final NDArray projection = Tensors.of(manager, drawn, 32, 32);
            final Weights weights = new Weights() {

                @Override
                public NDArray get(final String name, final long... shape) {
                    return name.equals("text_projection.weight") ? projection : file.get(name, shape);
                }

                @Override
                public boolean contains(final String name) {
                    return file.contains(name);
                }
            };
            final ReferenceTensors reference =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "clip_gelu/case.safetensors");
            try (CLIPTextModelWithProjection text = new CLIPTextModelWithProjection(config("clip_gelu"), weights)) {
                final NDArray ids = reference.get("0.input_ids");
                final NDArray embeds = text.textEmbeds(text.textModel().lastHiddenState(ids), ids);
                final float[] pooled = reference.get("0.out.pooler_output").toFloatArray();
                final float[] actual = embeds.toFloatArray();
                assertEquals(new Shape(3, 32), embeds.getShape());
                for (int b = 0; b < 3; b++)
                    for (int o = 0; o < 32; o++) {
                        double sum = 0;
                        for (int i = 0; i < 32; i++) sum += drawn[32 * o + i] * pooled[32 * b + i];
                        assertEquals(sum, actual[32 * b + o], 1e-4);
                    }
            }
        }
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
