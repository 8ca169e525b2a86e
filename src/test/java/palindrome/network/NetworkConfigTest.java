package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkConfigTest {

    @Test
    void absentKeysTakeDefaults() {
        final UNet2DConditionConfig config = unet("{}");
        assertEquals(List.of(320, 640, 1280, 1280), config.blockOutChannels());
        assertEquals(List.of(2, 2, 2, 2), config.layersPerBlock());
        assertEquals(List.of(8, 8, 8, 8), config.attentionHeads());
        assertEquals(List.of(1, 1, 1, 1), config.transformerLayersPerBlock());
        assertEquals(List.of(1280, 1280, 1280, 1280), config.crossAttentionDim());
        assertEquals(1280, config.timeEmbeddingDim());
        assertEquals(1e-5, config.normEps());
        assertEquals(32, config.normNumGroups());
        assertEquals(1, config.downsamplePadding());
        assertEquals(TimeScaleShift.DEFAULT, config.resnetTimeScaleShift());
        assertTrue(config.flipSinToCos());
        assertFalse(config.useLinearProjection());
        final CLIPTextConfig text = text("{}");
        assertEquals(49408, text.vocabSize());
        assertEquals(CLIPTextConfig.Activation.QUICK_GELU, text.hiddenAct());
    }

    @Test
    void listsGiveOneValueALevel() {
        final UNet2DConditionConfig config =
                unet("{'layers_per_block': [1, 2, 3, 1], 'attention_head_dim': [5, 10, 20, 20]}");
        assertEquals(List.of(1, 2, 3, 1), config.layersPerBlock());
        assertEquals(List.of(5, 10, 20, 20), config.attentionHeads());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "class_embed_type; 'other'",
                "num_class_embeds; -1",
                "addition_embed_type; 'text_image'",
                "mid_block_type; null",
                "norm_num_groups; null",
                "num_attention_heads; 8",
                "only_cross_attention; true",
                "only_cross_attention; [true, false, false, false]",
                "dual_cross_attention; true",
                "encoder_hid_dim; 64",
                "time_cond_proj_dim; 0",
                "time_embedding_type; 'fourier'",
                "mid_block_type; 'UNetMidBlock2DSimpleCrossAttn'",
                "act_fn; 'mish'",
                "attention_type; 'gated'",
                "resnet_time_scale_shift; 'ada_group'",
                "reverse_transformer_layers_per_block; [[1], [2]]",
                "down_block_types; ['KDownBlock2D', 'DownBlock2D', 'DownBlock2D', 'DownBlock2D']",
                "down_block_types; ['DownBlock2D']",
                "layers_per_block; [1, 2]",
                "layers_per_block; 'two'",
                "in_channels; 4.5",
                "norm_num_groups; 7",
                "block_out_channels; []"
            })
    void anOptionThatCannotBeHonouredIsNamed(final String key, final String value) {
        final String message = assertThrows(
                        IllegalArgumentException.class, () -> unet("{\"" + key + "\": " + value + "}"))
                .getMessage();
        assertTrue(message.contains(key), message);
    }

    @Test
    void keysThatBelongTogetherAreReadTogether() {
        assertEquals(
                new AdditionEmbedType.TextTime(256, 2816),
                unet("{'addition_embed_type': 'text_time', 'addition_time_embed_dim': 256,"
                                + "'projection_class_embeddings_input_dim': 2816}")
                        .additionEmbedType());
        assertEquals(
                new ClassEmbedType.Labels(1000),
                unet("{'num_class_embeds': 1000}").classEmbedType());
        assertEquals(
                new ClassEmbedType.Timestep(),
                unet("{'class_embed_type': 'timestep', 'num_class_embeds': 1000}")
                        .classEmbedType());
        final String message = assertThrows(
                        IllegalArgumentException.class, () -> unet("{'addition_embed_type': 'text_time'}"))
                .getMessage();
        assertTrue(message.contains("addition_time_embed_dim"), message);
    }

    @Test
    void aNullOptionIsAbsent() {
        assertEquals(
                unet("{}"),
                unet("{'class_embed_type': null, 'num_attention_heads': null, 'only_cross_attention': false,"
                        + "'resnet_out_scale_factor': 1.0, 'dropout': 0.0, 'mid_block_scale_factor': 1}"));
    }

    @Test
    void anUnknownActivationOfTheTextEncoderIsNamed() {
        final String message = assertThrows(IllegalArgumentException.class, () -> text("{'hidden_act': 'gelu_new'}"))
                .getMessage();
        assertTrue(message.contains("hidden_act") && message.contains("gelu_new"), message);
    }

    private static UNet2DConditionConfig unet(final String json) {
        return UNet2DConditionConfig.fromJson(JsonParser.parseString(json).getAsJsonObject());
    }

    private static CLIPTextConfig text(final String json) {
        return CLIPTextConfig.fromJson(JsonParser.parseString(json).getAsJsonObject());
    }
}
