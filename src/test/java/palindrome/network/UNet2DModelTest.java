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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

class UNet2DModelTest {

    private static final double TOLERANCE = 3e-5;

    @ParameterizedTest
    @ValueSource(strings = {"unet2d_cifar10", "unet2d_celebahq", "unet2d_class"})
    void equalsDiffusers(final String folder) throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DModel unet = unet(folder, manager)) {
            final ReferenceTensors reference =
                    ReferenceTensors.read(manager, DataType.FLOAT32, folder + "/case.safetensors");
            int cases = 0;
            for (; reference.contains(cases + ".sample"); cases++) {
                final NDArray out = evaluate(unet, reference, cases);
                final NDArray expected = reference.get(cases + ".out");
                assertEquals(expected.getShape(), out.getShape());
                final double difference = expected.sub(out).abs().max().getFloat();
                final double scale = Math.max(1, expected.abs().max().getFloat());
                assertTrue(difference <= TOLERANCE * scale, "max difference " + difference + " of " + scale);
            }
            assertTrue(cases >= 2);
        }
    }

    /** google/ddpm-cifar10-32 and google/ddpm-celebahq-256, whose weights the hub gives as 35.7 and 113.7 million. */
    @Test
    void countsParametersOfPublishedModels() throws IOException {
        final JsonObject cifar = ReferenceTensors.json("unet2d_cifar10/config.json");
        cifar.add("block_out_channels", JsonParser.parseString("[128, 256, 256, 256]"));
        cifar.addProperty("norm_num_groups", 32);
        assertEquals(35_746_307L, count(cifar));
        final JsonObject celeba = ReferenceTensors.json("unet2d_celebahq/config.json");
        celeba.add("block_out_channels", JsonParser.parseString("[128, 128, 256, 256, 512, 512]"));
        celeba.addProperty("norm_num_groups", 32);
        assertEquals(113_673_219L, count(celeba));
    }

    @Test
    void leavesOneArrayBehind() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DModel unet = unet("unet2d_class", manager)) {
            final ReferenceTensors reference =
                    ReferenceTensors.read(manager, DataType.FLOAT32, "unet2d_class/case.safetensors");
            try (NDManager own = manager.newSubManager()) {
                final NDArray sample = reference.get("0.sample");
                sample.attach(own);
                final NDArray timesteps = Tensors.of(manager, new float[] {1, 7}, 2);
                final Conditioning labels = new Conditioning.ClassLabels(Tensors.of(manager, new long[] {3, 9}, 2));
                for (int i = 1; i <= 3; i++) {
                    final int all = manager.getManagedArrays().size();
                    assertEquals(own, unet.forward(sample, timesteps, labels).getManager());
                    assertEquals(1 + i, own.getManagedArrays().size());
                    assertEquals(all + 1, manager.getManagedArrays().size());
                }
            }
        }
    }

    @Test
    void aNetworkThatTakesLabelsNeedsThemAndAnotherRefusesThem() throws IOException {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                UNet2DModel labelled = unet("unet2d_class", manager);
                UNet2DModel unconditional = unet("unet2d_cifar10", manager)) {
            final NDArray sample = Tensors.zeros(manager, DataType.FLOAT32, 1, 3, 16, 16);
            final NDArray timesteps = Tensors.zeros(manager, DataType.FLOAT32, 1);
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> labelled.forward(sample, timesteps, new Conditioning.None()))
                    .getMessage()
                    .contains("class labels"));
            final Conditioning labels = new Conditioning.ClassLabels(Tensors.of(manager, new long[] {0}, 1));
            assertTrue(
                    assertThrows(IllegalArgumentException.class, () -> unconditional.forward(sample, timesteps, labels))
                            .getMessage()
                            .contains("unconditional"));
            final NDArray grey = Tensors.zeros(manager, DataType.FLOAT32, 1, 1, 16, 16);
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> unconditional.forward(grey, timesteps, new Conditioning.None()))
                    .getMessage()
                    .contains("[B, 3, H, W]"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "down_block_types; ['SkipDownBlock2D', 'DownBlock2D', 'DownBlock2D', 'DownBlock2D']",
                "up_block_types; ['UpBlock2D', 'UpBlock2D', 'UpBlock2D', 'AttnSkipUpBlock2D']",
                "down_block_types; ['ResnetDownsampleBlock2D', 'DownBlock2D', 'DownBlock2D', 'DownBlock2D']",
                "act_fn; 'gelu'",
                "mid_block_type; 'UNetMidBlock2DSimpleCrossAttn'",
                "time_embedding_type; 'other'",
                "time_embedding_type; 'learned'",
                "downsample_type; 'fir'",
                "upsample_type; 'fir'",
                "resnet_time_scale_shift; 'spatial'",
                "class_embed_type; 'projection'",
                "num_class_embeds; 0",
                "attention_head_dim; 5",
                "attn_norm_num_groups; 5",
                "norm_num_groups; null",
                "downsample_padding; 2"
            })
    void anOptionThatCannotBeHonouredIsNamed(final String key, final String value) {
        final String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> UNet2DConfig.fromJson(JsonParser.parseString("{\"" + key + "\": " + value + "}")
                                .getAsJsonObject()))
                .getMessage();
        assertTrue(message.contains(key), message);
    }

    @Test
    void absentKeysTakeDefaults() {
        final UNet2DConfig config = UNet2DConfig.fromJson(new JsonObject());
        assertEquals(java.util.List.of(224, 448, 672, 896), config.blockOutChannels());
        assertEquals(8, config.attentionHeadDim());
        assertEquals(112, config.attentionHeads(3));
        assertEquals(32, config.normNumGroups());
        assertEquals(896, config.timeEmbeddingDim());
        assertEquals(new ClassEmbedType.None(), config.classEmbedType());
        assertTrue(config.midBlock() && config.addAttention() && config.flipSinToCos());
        final JsonObject oneHead = new JsonObject();
        oneHead.add("attention_head_dim", com.google.gson.JsonNull.INSTANCE);
        assertEquals(1, UNet2DConfig.fromJson(oneHead).attentionHeads(3));
    }

    private static long count(final JsonObject config) {
        final Map<String, Shape> shapes = UNet2DModel.parameterShapes(UNet2DConfig.fromJson(config));
        return shapes.values().stream().mapToLong(Shape::size).sum();
    }

    private static UNet2DModel unet(final String folder, final NDManager manager) throws IOException {
        return new UNet2DModel(
                UNet2DConfig.fromJson(ReferenceTensors.json(folder + "/config.json")),
                ReferenceTensors.read(manager, DataType.FLOAT32, folder + "/diffusion_pytorch_model.safetensors"));
    }

    private static NDArray evaluate(final UNet2DModel unet, final ReferenceTensors reference, final int k) {
        return unet.forward(
                reference.get(k + ".sample"),
                Tensors.cast(reference.get(k + ".timestep"), DataType.FLOAT32),
                reference.contains(k + ".class_labels")
                        ? new Conditioning.ClassLabels(reference.get(k + ".class_labels"))
                        : new Conditioning.None());
    }
}
