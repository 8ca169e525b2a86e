package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

class UNet2DConditionModelTest {

    /** Half of what a wrong epsilon in a norm would show. */
    private static final double TOLERANCE = 3e-5;

    private static final Set<String> ONE_OF_EACH_KIND = Set.of(
            "conv_in.weight",
            "time_embedding.linear_1.weight",
            "down_blocks.0.resnets.0.time_emb_proj.bias",
            "down_blocks.0.attentions.0.proj_in.weight",
            "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight",
            "down_blocks.0.attentions.0.transformer_blocks.0.ff.net.0.proj.weight",
            "down_blocks.0.downsamplers.0.conv.weight",
            "mid_block.resnets.0.norm2.weight",
            "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight",
            "up_blocks.0.resnets.0.conv_shortcut.weight",
            "up_blocks.0.upsamplers.0.conv.weight",
            "conv_norm_out.bias");

    @ParameterizedTest
    @CsvSource({"unet_sd1,case", "unet_sd1,case_odd", "unet_sd2,case", "unet_4level_odd,case"})
    void equalsDiffusers(final String folder, final String file) throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DConditionModel unet = unet(folder, manager, DataType.FLOAT32)) {
            final ReferenceTensors reference =
                    ReferenceTensors.read(manager, DataType.FLOAT32, folder + "/" + file + ".safetensors");
            int cases = 0;
            for (; reference.contains(cases + ".sample"); cases++) {
                final NDArray out = evaluate(unet, reference, cases);
                final NDArray expected = reference.get(cases + ".out");
                assertEquals(expected.getShape(), out.getShape());
                final double difference = expected.sub(out).abs().max().getFloat();
                final double scale = Math.max(1, expected.abs().max().getFloat());
                assertTrue(difference <= TOLERANCE * scale, "max difference " + difference + " of " + scale);
            }
            assertTrue(cases > 0);
        }
    }

    @Test
    void leavesOneArrayBehind() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DConditionModel unet = unet("unet_sd1", manager, DataType.FLOAT32)) {
            final ReferenceTensors reference =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "unet_sd1/case.safetensors");
            try (NDManager own = manager.newSubManager()) {
                final NDArray sample = reference.get("0.sample");
                sample.attach(own);
                final NDArray timestep = Tensors.of(manager, new float[] {1}, 1);
                final NDArray context = reference.get("0.encoder_hidden_states");
                for (int i = 1; i <= 3; i++) {
                    final int all = manager.getManagedArrays().size();
                    final NDArray out = unet.forward(sample, timestep, new Conditioning.Text(context));
                    assertEquals(own, out.getManager());
                    assertEquals(1 + i, own.getManagedArrays().size());
                    assertEquals(all + 1, manager.getManagedArrays().size());
                }
            }
        }
    }

    /**
     * Gradients by autograd in float64 against central differences, for one
     * weight of every kind of layer and for the input.
     */
    @ParameterizedTest
    @CsvSource({"default, false, 1, ", "scale_shift, true, 0, text"})
    void gradientsReachAllWeights(
            final String timeScaleShift, final boolean linear, final int padding, final String addition) {
        final UNet2DConditionConfig config = tinyConfig(timeScaleShift, linear, padding, addition);
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final DrawnWeights weights = new DrawnWeights(manager, UNet2DConditionModel.parameterShapes(config));
            final NDArray sample = weights.draw(1, new Shape(2, 3, 6, 5));
            final NDArray context = weights.draw(1, new Shape(2, 5, 6));
            final NDArray timesteps = Tensors.of(manager, new float[] {300, 7}, 2);
            weights.arrays().values().forEach(w -> w.setRequiresGradient(true));
            sample.setRequiresGradient(true);
            try (UNet2DConditionModel unet = new UNet2DConditionModel(config, weights)) {
                try (GradientCollector collector = TorchEngine.start().newGradientCollector()) {
                    collector.backward(unet.forward(sample, timesteps, new Conditioning.Text(context))
                            .square()
                            .mean());
                }
                weights.arrays()
                        .forEach((name, array) -> assertTrue(
                                array.getGradient().abs().sum().getDouble() > 0, "no gradient reaches " + name));
                final Map<String, NDArray> checked = new HashMap<>(weights.arrays());
                checked.keySet().retainAll(ONE_OF_EACH_KIND);
                checked.put("sample", sample);
                assertEquals(1 + ONE_OF_EACH_KIND.size(), checked.size());
                checked.forEach((name, array) -> {
                    final double autograd = array.getGradient().flatten().getDouble(3);
                    final double difference = centralDifference(
                            array, () -> unet.forward(sample, timesteps, new Conditioning.Text(context)));
                    assertEquals(difference, autograd, 1e-9 + 1e-5 * Math.abs(difference), name);
                });
            }
        }
    }

    /** Numbers of tensors and parameters of published checkpoints. */
    @Test
    void countsParametersOfStableDiffusion() {
        final JsonObject sd1 =
                JsonParser.parseString("{\"cross_attention_dim\": 768}").getAsJsonObject();
        assertCounts(sd1, 686, 859_520_964L);
        sd1.addProperty("in_channels", 9);
        assertCounts(sd1, 686, 859_535_364L);
        assertCounts(
                JsonParser.parseString("{\"cross_attention_dim\": 1024, \"use_linear_projection\": true,"
                                + "\"attention_head_dim\": [5, 10, 20, 20], \"upcast_attention\": true}")
                        .getAsJsonObject(),
                686,
                865_910_724L);
        assertCounts(ReferenceTensors.parse(SDXL), 1680, 2_567_463_684L);
    }

    private static final String SDXL =
            """
            {"cross_attention_dim": 2048, "use_linear_projection": true, "sample_size": 128,
             "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
             "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
             "block_out_channels": [320, 640, 1280], "attention_head_dim": [5, 10, 20],
             "transformer_layers_per_block": [1, 2, 10], "addition_embed_type": "text_time",
             "addition_time_embed_dim": 256, "projection_class_embeddings_input_dim": 2816}""";

    @Test
    void shapesThatDoNotFitAreExplained() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DConditionModel unet = unet("unet_sd1", manager, DataType.FLOAT32)) {
            final NDArray sample = Tensors.zeros(manager, DataType.FLOAT32, 1, 3, 8, 8);
            final NDArray timestep = Tensors.zeros(manager, DataType.FLOAT32, 1);
            final NDArray context = Tensors.zeros(manager, DataType.FLOAT32, 1, 5, 32);
            final IllegalArgumentException exc = assertThrows(
                    IllegalArgumentException.class,
                    () -> unet.forward(sample, timestep, new Conditioning.Text(context)));
            assertTrue(exc.getMessage().contains("[B, 4, H, W]"), exc.getMessage());
            final NDArray fitting = Tensors.zeros(manager, DataType.FLOAT32, 1, 4, 8, 8);
            final NDArray wide = Tensors.zeros(manager, DataType.FLOAT32, 1, 5, 48);
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> unet.forward(fitting, timestep, new Conditioning.Text(wide)))
                    .getMessage()
                    .contains("width 32"));
        }
    }

    private static void assertCounts(final JsonObject json, final int tensors, final long parameters) {
        final Map<String, Shape> shapes = UNet2DConditionModel.parameterShapes(UNet2DConditionConfig.fromJson(json));
        assertEquals(tensors, shapes.size());
        assertEquals(parameters, shapes.values().stream().mapToLong(Shape::size).sum());
    }

    private static UNet2DConditionConfig tinyConfig(
            final String timeScaleShift, final boolean linear, final int padding, final String addition) {
        final JsonObject json = JsonParser.parseString("{'in_channels': 3, 'out_channels': 2,"
                        + "'block_out_channels': [8, 12], 'layers_per_block': 1, 'norm_num_groups': 4,"
                        + "'cross_attention_dim': 6, 'attention_head_dim': [2, 3], 'mid_block_scale_factor': 1.5,"
                        + "'down_block_types': ['CrossAttnDownBlock2D', 'DownBlock2D'],"
                        + "'up_block_types': ['UpBlock2D', 'CrossAttnUpBlock2D']}")
                .getAsJsonObject();
        json.addProperty("resnet_time_scale_shift", timeScaleShift);
        json.addProperty("use_linear_projection", linear);
        json.addProperty("downsample_padding", padding);
        json.addProperty("addition_embed_type", addition);
        json.addProperty("addition_embed_type_num_heads", 3);
        return UNet2DConditionConfig.fromJson(json);
    }

    private static UNet2DConditionModel unet(final String folder, final NDManager manager, final DataType type)
            throws IOException {
        return new UNet2DConditionModel(
                UNet2DConditionConfig.fromJson(ReferenceTensors.json(folder + "/config.json")),
                ReferenceTensors.read(manager, type, folder + "/diffusion_pytorch_model.safetensors"));
    }

    private static NDArray evaluate(final UNet2DConditionModel unet, final ReferenceTensors reference, final int k) {
        return unet.forward(
                reference.get(k + ".sample"),
                Tensors.cast(reference.get(k + ".timestep"), DataType.FLOAT32),
                new Conditioning.Text(reference.get(k + ".encoder_hidden_states")));
    }

    /** (f(x + h) − f(x − h)) / 2h for entry 3 of x and f the mean square of the output. */
    private static double centralDifference(final NDArray x, final Supplier<NDArray> out) {
        final double h = 1e-4;
        final double[] values = new double[Math.toIntExact(x.size())];
        final double[] saved = x.toDoubleArray();
        final double[] results = new double[2];
        for (int side = 0; side < 2; side++) {
            System.arraycopy(saved, 0, values, 0, values.length);
            values[3] += side == 0 ? h : -h;
            set(x, values);
            results[side] = out.get().square().mean().getDouble();
        }
        set(x, saved);
        return (results[0] - results[1]) / (2 * h);
    }

    private static void set(final NDArray x, final double[] values) {
        x.set(DoubleBuffer.wrap(values));
    }
}
