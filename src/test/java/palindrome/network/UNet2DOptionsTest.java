package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** Options of UNet2DModel that no fixture has: against formulas written out, and against what they must not change. */
class UNet2DOptionsTest {

    private static final double[] TIMES = {3, 700};

    @Test
    void frequenciesOfFourierTimeAreStored() {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                Kernels kernels = new Kernels()) {
            final DrawnWeights weights = new DrawnWeights(manager, Map.of("time_proj.weight", new Shape(5)));
            final double[] w = weights.arrays().get("time_proj.weight").toDoubleArray();
            final NDArray sample = Tensors.of(manager, new double[1], 1);
            final double[] actual = new GaussianFourierProjection(new ModuleScope("", weights, kernels), 5)
                    .forward(sample, Tensors.of(manager, new float[] {3, 700}, 2))
                    .toDoubleArray();
            final double[] expected = new double[20];
            for (int b = 0; b < 2; b++)
                for (int i = 0; i < 5; i++) {
                    final double angle = Math.log(TIMES[b]) * w[i] * 2 * Math.PI;
                    expected[10 * b + i] = Math.sin(angle);
                    expected[10 * b + 5 + i] = Math.cos(angle);
                }
            assertArrayEquals(expected, actual, 1e-5);
        }
    }

    /** NCSN++: the network's output is divided by the timestep. */
    @Test
    void fourierNetworksAreDividedByTheTimestep() {
        final Map<String, Object> keys = new HashMap<>(Map.of("time_embedding_type", "fourier"));
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final UNet2DConfig config = config(keys);
            final DrawnWeights weights = new DrawnWeights(manager, UNet2DModel.parameterShapes(config));
            assertEquals(new Shape(8), UNet2DModel.parameterShapes(config).get("time_proj.weight"));
            assertEquals(new Shape(32, 16), UNet2DModel.parameterShapes(config).get("time_embedding.linear_1.weight"));
            // Without any say of the embedding only the division knows the timestep.
            weights.arrays().forEach((name, array) -> {
                if (name.contains("time_emb_proj")) array.muli(0);
            });
            final NDArray sample = weights.draw(1, new Shape(1, 3, 8, 8));
            try (UNet2DModel unet = new UNet2DModel(config, weights)) {
                final double[] at2 = forward(unet, sample, 2);
                final double[] at8 = forward(unet, sample, 8);
                for (int i = 0; i < at2.length; i++) assertEquals(at2[i], 4 * at8[i], 1e-12);
            }
        }
    }

    @Test
    void learnedTimesAreRowsOfATable() {
        final Map<String, Object> keys = new HashMap<>(Map.of("time_embedding_type", "learned"));
        keys.put("num_train_timesteps", 10);
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final UNet2DConfig config = config(keys);
            final DrawnWeights weights = new DrawnWeights(manager, UNet2DModel.parameterShapes(config));
            final NDArray sample = weights.draw(1, new Shape(1, 3, 8, 8));
            try (UNet2DModel unet = new UNet2DModel(config, weights)) {
                final double[] before = forward(unet, sample, 4);
                final double[] other = forward(unet, sample, 5);
                final NDArray table = weights.arrays().get("time_proj.weight");
                assertEquals(new Shape(10, 8), table.getShape());
                table.get("4").muli(-3);
                assertFalse(java.util.Arrays.equals(before, forward(unet, sample, 4)));
                assertArrayEquals(other, forward(unet, sample, 5));
            }
        }
    }

    /** Resampling by resnets: nine tensors instead of two, and the same sizes come out. */
    @ParameterizedTest
    @ValueSource(strings = {"default", "scale_shift"})
    void attentionLevelsMayResampleByResnets(final String timeScaleShift) {
        final Map<String, Object> keys = new HashMap<>(Map.of("downsample_type", "resnet", "upsample_type", "resnet"));
        keys.put("resnet_time_scale_shift", timeScaleShift);
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final UNet2DConfig config = config(keys);
            final Map<String, Shape> shapes = UNet2DModel.parameterShapes(config);
            assertTrue(shapes.containsKey("down_blocks.0.downsamplers.0.conv2.weight"));
            assertTrue(shapes.containsKey("up_blocks.0.upsamplers.0.time_emb_proj.weight"));
            assertFalse(shapes.containsKey("down_blocks.0.downsamplers.0.conv.weight"));
            // As in diffusers, attention of the middle block has no norm where time scales and shifts.
            assertEquals(
                    timeScaleShift.equals("default"), shapes.containsKey("mid_block.attentions.0.group_norm.weight"));
            final DrawnWeights weights = new DrawnWeights(manager, shapes);
            final NDArray sample = weights.draw(1, new Shape(1, 3, 8, 12));
            try (UNet2DModel unet = new UNet2DModel(config, weights)) {
                assertEquals(8 * 12 * 3, forward(unet, sample, 5).length);
            }
        }
    }

    /** A resnet whose second convolution is zero returns its resampled input: means of squares, or repeated pixels. */
    @Test
    void resnetsResampleByMeansAndRepetition() {
        final UNet2DConfig config = config(Map.of());
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                Kernels kernels = new Kernels()) {
            final ShapeRecorder shapes = new ShapeRecorder();
            new ResamplingResnetBlock2D(new ModuleScope("", shapes, kernels), config, 8);
            final DrawnWeights weights = new DrawnWeights(manager, shapes.shapes());
            weights.arrays().get("conv2.weight").muli(0);
            weights.arrays().get("conv2.bias").muli(0);
            final ResamplingResnetBlock2D block =
                    new ResamplingResnetBlock2D(new ModuleScope("", weights, kernels), config, 8);
            final NDArray x = weights.draw(1, new Shape(1, 8, 4, 6));
            final NDArray temb = weights.draw(1, new Shape(1, 32));
            final double[] in = x.toDoubleArray();
            final double[] half = block.down(x, temb).toDoubleArray();
            final double[] twice =
                    block.up(x, temb, weights.draw(1, new Shape(1, 1, 8, 12))).toDoubleArray();
            for (int c = 0; c < 8; c++) {
                for (int row = 0; row < 2; row++)
                    for (int column = 0; column < 3; column++) {
                        double sum = 0;
                        for (int k = 0; k < 4; k++) sum += in[(c * 4 + 2 * row + k / 2) * 6 + 2 * column + k % 2];
                        assertEquals(sum / 4, half[(c * 2 + row) * 3 + column], 1e-12);
                    }
                for (int row = 0; row < 8; row++)
                    for (int column = 0; column < 12; column++)
                        assertEquals(in[(c * 4 + row / 2) * 6 + column / 2], twice[(c * 8 + row) * 12 + column], 1e-12);
            }
        }
    }

    @Test
    void middleAndAttentionMayBeMissing() {
        final JsonObject none = json(Map.of("add_attention", false));
        assertFalse(UNet2DModel.parameterShapes(UNet2DConfig.fromJson(none))
                .containsKey("mid_block.attentions.0.to_q.weight"));
        none.add("mid_block_type", com.google.gson.JsonNull.INSTANCE);
        final UNet2DConfig config = UNet2DConfig.fromJson(none);
        final Map<String, Shape> shapes = UNet2DModel.parameterShapes(config);
        assertTrue(shapes.keySet().stream().noneMatch(name -> name.startsWith("mid_block")));
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final DrawnWeights weights = new DrawnWeights(manager, shapes);
            try (UNet2DModel unet = new UNet2DModel(config, weights)) {
                assertEquals(3 * 64, forward(unet, weights.draw(1, new Shape(1, 3, 8, 8)), 5).length);
            }
        }
    }

    private static double[] forward(final UNet2DModel unet, final NDArray sample, final float timestep) {
        return unet.forward(sample, Tensors.of(sample.getManager(), new float[] {timestep}, 1), new Conditioning.None())
                .toDoubleArray();
    }

    private static UNet2DConfig config(final Map<String, Object> keys) {
        return UNet2DConfig.fromJson(json(keys));
    }

    private static JsonObject json(final Map<String, Object> keys) {
        final JsonObject json = ReferenceTensors.parse(
                """
                {"block_out_channels": [8, 16], "norm_num_groups": 4, "layers_per_block": 1, "attention_head_dim": 8,
                 "down_block_types": ["AttnDownBlock2D", "DownBlock2D"],
                 "up_block_types": ["AttnUpBlock2D", "UpBlock2D"]}""");
        keys.forEach((key, value) -> {
            if (value instanceof Number number) json.addProperty(key, number);
            else if (value instanceof Boolean flag) json.addProperty(key, flag);
            else json.addProperty(key, value.toString());
        });
        return json;
    }
}
