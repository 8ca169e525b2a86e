package palindrome.network;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;

/**
 * What a {@link UNet2DConditionModel} is built from: the keys of its
 * {@code config.json} that this implementation honours, in diffusers' words.
 * <p>
 * Lists have one entry for each resolution level, the finest first, except
 * {@code upBlockTypes}, which starts with the coarsest.
 *
 * @param sampleSize side of the samples it was trained on, 0 if not stated
 * @param inChannels channels of the sample
 * @param outChannels channels of the prediction
 * @param centerInputSample whether the sample is mapped from [0, 1] to [−1, 1]
 * @param flipSinToCos whether cosines precede sines in the timestep embedding
 * @param freqShift subtracted from the number of frequencies in their exponent
 * @param downBlockTypes {@code CrossAttnDownBlock2D} or {@code DownBlock2D}
 * @param upBlockTypes {@code CrossAttnUpBlock2D} or {@code UpBlock2D}
 * @param blockOutChannels channels of each level
 * @param layersPerBlock resnet blocks of each level on the way down; one more on
 *          the way up
 * @param downsamplePadding 1, or 0 for a row and column of zeros at the bottom and
 *          right
 * @param midBlockScaleFactor divides the output of the middle block's resnets
 * @param normNumGroups groups of every group norm
 * @param normEps epsilon of the group norms outside the transformers
 * @param crossAttentionDim width of the text states
 * @param transformerLayersPerBlock depth of each level's transformers
 * @param attentionHeads number of heads; NB: the file calls it
 *          {@code attention_head_dim}
 * @param useLinearProjection whether the transformers' projections are linear
 *          layers rather than 1×1 convolutions
 * @param resnetTimeScaleShift how resnet blocks take in the time embedding
 * @param timeEmbeddingDim width of the time embedding
 * @param textEmbeddingHeads heads that pool the text states into a vector that is added to the
 *          time embedding ({@code addition_embed_type: text}); 0 if there is no such vector
 * @param convInKernel side of the first convolution, odd
 * @param convOutKernel side of the last convolution, odd
 */
public record UNet2DConditionConfig(
        int sampleSize,
        int inChannels,
        int outChannels,
        boolean centerInputSample,
        boolean flipSinToCos,
        double freqShift,
        List<String> downBlockTypes,
        List<String> upBlockTypes,
        List<Integer> blockOutChannels,
        List<Integer> layersPerBlock,
        int downsamplePadding,
        double midBlockScaleFactor,
        int normNumGroups,
        double normEps,
        List<Integer> crossAttentionDim,
        List<Integer> transformerLayersPerBlock,
        List<Integer> attentionHeads,
        boolean useLinearProjection,
        TimeScaleShift resnetTimeScaleShift,
        int timeEmbeddingDim,
        int textEmbeddingHeads,
        int convInKernel,
        int convOutKernel)
        implements TimeConditionedConfig {

    private static final String DOWN = "CrossAttnDownBlock2D";
    private static final String UP = "CrossAttnUpBlock2D";

    /**
     * @throws IllegalArgumentException if lists do not match or a number of
     *           channels cannot be divided as asked
     */
    public UNet2DConditionConfig {
        final int levels = blockOutChannels.size();
        require(levels > 0, "block_out_channels is empty");
        require(
                downBlockTypes.size() == levels && upBlockTypes.size() == levels,
                "block_out_channels has " + levels + " entries, but down_block_types " + downBlockTypes.size()
                        + " and up_block_types " + upBlockTypes.size());
        requireKnown(downBlockTypes, "down_block_types", DOWN, "DownBlock2D");
        requireKnown(upBlockTypes, "up_block_types", UP, "UpBlock2D");
        for (int i = 0; i < levels; i++) {
            final int channels = blockOutChannels.get(i);
            require(
                    channels > 0 && channels % normNumGroups == 0,
                    "block_out_channels has " + channels + ", which is no multiple of norm_num_groups = "
                            + normNumGroups);
            require(
                    attentionHeads.get(i) > 0,
                    "attention_head_dim (the number of heads) has " + attentionHeads.get(i)
                            + ", which should be positive");
            final boolean attends = downBlockTypes.get(i).equals(DOWN)
                    || upBlockTypes.get(levels - 1 - i).equals(UP)
                    || i == levels - 1;
            require(
                    !attends || channels % attentionHeads.get(i) == 0,
                    "block_out_channels has " + channels + ", which is no multiple of attention_head_dim = "
                            + attentionHeads.get(i) + " (the number of heads)");
            require(
                    layersPerBlock.get(i) > 0,
                    "layers_per_block has " + layersPerBlock.get(i) + ", which should be positive");
        }
        require(
                textEmbeddingHeads == 0 || textEmbeddingHeads > 0 && crossAttentionDim.get(0) % textEmbeddingHeads == 0,
                "cross_attention_dim has " + crossAttentionDim.get(0)
                        + ", which is no multiple of addition_embed_type_num_heads = " + textEmbeddingHeads);
        require(
                blockOutChannels.get(0) % 2 == 0,
                "block_out_channels starts with " + blockOutChannels.get(0) + ", which should be even");
        require(
                convInKernel % 2 == 1 && convOutKernel % 2 == 1,
                "conv_in_kernel = " + convInKernel + " and conv_out_kernel = " + convOutKernel + " should be odd");
    }

    /** @return the number of resolution levels */
    public int levels() {
        return blockOutChannels.size();
    }

    /**
     * @param json a UNet's {@code config.json}; absent keys take diffusers'
     *          defaults, {@code dropout} and {@code upcast_attention} change nothing
     *          here, unknown keys are left alone
     * @return the configuration
     * @throws IllegalArgumentException if an option is not supported, named in the
     *           message, or has an illegal value
     */
    public static UNet2DConditionConfig fromJson(final JsonObject json) {
        final ConfigReader reader = new ConfigReader("UNet2DConditionModel", json);
        refuseUnsupported(reader);
        final List<Integer> channels = reader.integers("block_out_channels", List.of(320, 640, 1280, 1280));
        final int levels = channels.size();
        if (levels == 0)
            throw reader.wrong("block_out_channels", reader.raw("block_out_channels"), "a list of channels");
        final int groups = reader.integer("norm_num_groups", 32);
        if (groups < 1) throw reader.wrong("norm_num_groups", reader.raw("norm_num_groups"), "positive");
        return new UNet2DConditionConfig(
                sampleSize(reader),
                reader.integer("in_channels", 4),
                reader.integer("out_channels", 4),
                reader.flag("center_input_sample", false),
                reader.flag("flip_sin_to_cos", true),
                reader.number("freq_shift", 0),
                reader.texts("down_block_types", List.of(DOWN, DOWN, DOWN, "DownBlock2D")),
                reader.texts("up_block_types", List.of("UpBlock2D", UP, UP, UP)),
                channels,
                reader.integerPerLevel("layers_per_block", 2, levels),
                reader.integer("downsample_padding", 1),
                reader.number("mid_block_scale_factor", 1),
                groups,
                reader.number("norm_eps", 1e-5),
                reader.integerPerLevel("cross_attention_dim", 1280, levels),
                reader.integerPerLevel("transformer_layers_per_block", 1, levels),
                reader.integerPerLevel("attention_head_dim", 8, levels),
                reader.flag("use_linear_projection", false),
                timeScaleShift(reader),
                reader.integer("time_embedding_dim", 4 * channels.get(0)),
                textEmbeddingHeads(reader),
                reader.integer("conv_in_kernel", 3),
                reader.integer("conv_out_kernel", 3));
    }

    private static void refuseUnsupported(final ConfigReader reader) {
        for (final String key : List.of(
                "num_attention_heads",
                "class_embed_type",
                "num_class_embeds",
                "encoder_hid_dim",
                "encoder_hid_dim_type",
                "time_cond_proj_dim",
                "time_embedding_act_fn",
                "timestep_post_act",
                "cross_attention_norm",
                "reverse_transformer_layers_per_block")) reader.refuseUnless(key, "null");
        for (final String key : List.of(
                "dual_cross_attention",
                "mid_block_only_cross_attention",
                "class_embeddings_concat",
                "resnet_skip_time_act")) reader.refuseUnless(key, "false");
        reader.refuseUnless("only_cross_attention", "false");
        reader.refuseUnless("resnet_out_scale_factor", "1.0", "1");
        reader.refuseUnless("addition_embed_type", "null", "\"text\"");
        reader.refuseUnless("act_fn", "\"silu\"", "\"swish\"");
        reader.refuseUnless("attention_type", "\"default\"");
        reader.refuseUnless("time_embedding_type", "\"positional\"");
        reader.refuseUnless("mid_block_type", "\"UNetMidBlock2DCrossAttn\"");
        reader.refuseUnless("resnet_time_scale_shift", "\"default\"", "\"scale_shift\"");
        reader.refuseUnless("downsample_padding", "1", "0");
    }

    private static int textEmbeddingHeads(final ConfigReader reader) {
        return reader.text("addition_embed_type", "").isEmpty()
                ? 0
                : reader.integer("addition_embed_type_num_heads", 64);
    }

    private static int sampleSize(final ConfigReader reader) {
        final JsonElement value = reader.raw("sample_size");
        if (value.isJsonArray()) {
            final List<Integer> sides = reader.integers("sample_size", List.of());
            if (sides.isEmpty()) throw reader.wrong("sample_size", value, "a side or two");
            return sides.get(0);
        }
        return reader.integer("sample_size", 0);
    }

    private static TimeScaleShift timeScaleShift(final ConfigReader reader) {
        return reader.text("resnet_time_scale_shift", "default").equals("default")
                ? TimeScaleShift.DEFAULT
                : TimeScaleShift.SCALE_SHIFT;
    }

    private static void requireKnown(final List<String> types, final String key, final String... known) {
        for (final String type : types)
            require(
                    List.of(known).contains(type),
                    key + " has " + type + ", which is not supported; supported are " + String.join(" and ", known));
    }

    private static void require(final boolean condition, final String message) {
        if (!condition) throw new IllegalArgumentException("This UNet cannot be built: " + message + ".");
    }
}
