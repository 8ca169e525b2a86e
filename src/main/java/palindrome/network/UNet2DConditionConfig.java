package palindrome.network;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;

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
 * @param timeCondProjDim width of the vector in which a network distilled from guidance hears its scale; 0 if
 *          it hears none
 * @param classEmbedType how a class label is taken in
 * @param additionEmbedType what else is added to the time embedding
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
        int timeCondProjDim,
        ClassEmbedType classEmbedType,
        AdditionEmbedType additionEmbedType,
        int convInKernel,
        int convOutKernel)
        implements UNetConfig, UNetArchitecture {

    private static final String DOWN = "CrossAttnDownBlock2D";
    private static final String UP = "CrossAttnUpBlock2D";

    /**
     * @throws IllegalArgumentException if lists do not match or a number of
     *           channels cannot be divided as asked
     */
    public UNet2DConditionConfig {
        LevelChecks.requireLevels(blockOutChannels, downBlockTypes, upBlockTypes);
        LevelChecks.requireKnown(downBlockTypes, "down_block_types", DOWN, "DownBlock2D");
        LevelChecks.requireKnown(upBlockTypes, "up_block_types", UP, "UpBlock2D");
        LevelChecks.requireGroups(blockOutChannels, normNumGroups);
        LevelChecks.requirePositive(layersPerBlock, "layers_per_block");
        LevelChecks.requirePositive(transformerLayersPerBlock, "transformer_layers_per_block");
        LevelChecks.requirePositive(attentionHeads, "attention_head_dim (the number of heads)");
        final int levels = blockOutChannels.size();
        for (int i = 0; i < levels; i++) {
            final int channels = blockOutChannels.get(i);
            final boolean attends = downBlockTypes.get(i).equals(DOWN)
                    || upBlockTypes.get(levels - 1 - i).equals(UP)
                    || i == levels - 1;
            LevelChecks.require(
                    !attends || channels % attentionHeads.get(i) == 0,
                    "block_out_channels has " + channels + ", which is no multiple of attention_head_dim = "
                            + attentionHeads.get(i) + " (the number of heads)");
        }
        if (additionEmbedType instanceof AdditionEmbedType.Text text)
            LevelChecks.require(
                    text.heads() > 0 && crossAttentionDim.get(0) % text.heads() == 0,
                    "cross_attention_dim has " + crossAttentionDim.get(0)
                            + ", which is no multiple of addition_embed_type_num_heads = " + text.heads());
        LevelChecks.require(
                convInKernel % 2 == 1 && convOutKernel % 2 == 1,
                "conv_in_kernel = " + convInKernel + " and conv_out_kernel = " + convOutKernel + " should be odd");
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
        return read(new ConfigReader("UNet2DConditionModel", json));
    }

    /** As above; messages call the network what the reader calls it. */
    static UNet2DConditionConfig read(final ConfigReader reader) {
        refuseUnsupported(reader);
        final List<Integer> channels = reader.channels("block_out_channels", List.of(320, 640, 1280, 1280));
        final int levels = channels.size();
        return new UNet2DConditionConfig(
                reader.sampleSize(),
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
                reader.groups(),
                reader.number("norm_eps", 1e-5),
                reader.integerPerLevel("cross_attention_dim", 1280, levels),
                reader.integerPerLevel("transformer_layers_per_block", 1, levels),
                reader.integerPerLevel("attention_head_dim", 8, levels),
                reader.flag("use_linear_projection", false),
                reader.oneOf("resnet_time_scale_shift", TimeScaleShift.DEFAULT),
                reader.integer("time_embedding_dim", 4 * channels.get(0)),
                reader.isGiven("time_cond_proj_dim") ? reader.positive("time_cond_proj_dim") : 0,
                ClassEmbedType.read(reader, "timestep", "identity", "projection", "simple_projection"),
                AdditionEmbedType.read(reader),
                reader.integer("conv_in_kernel", 3),
                reader.integer("conv_out_kernel", 3));
    }

    @Override
    public int levels() {
        return blockOutChannels.size();
    }

    @Override
    public boolean hasTransformers(final int level) {
        return downBlockTypes.get(level).equals(DOWN);
    }

    @Override
    public int transformerDepth(final int level) {
        return hasTransformers(level) ? transformerLayersPerBlock.get(level) : 0;
    }

    @Override
    public Map<String, Shape> parameterShapes() {
        return UNet2DConditionModel.parameterShapes(this);
    }

    @Override
    public UNet build(final Weights weights) {
        return new UNet2DConditionModel(this, weights);
    }

    private static void refuseUnsupported(final ConfigReader reader) {
        for (final String key : List.of(
                "num_attention_heads",
                "encoder_hid_dim",
                "encoder_hid_dim_type",
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
        reader.refuseUnless("act_fn", "\"silu\"", "\"swish\"");
        reader.refuseUnless("attention_type", "\"default\"");
        reader.refuseUnless("time_embedding_type", "\"positional\"");
        reader.refuseUnless("mid_block_type", "\"UNetMidBlock2DCrossAttn\"");
        reader.refuseNull("mid_block_type");
        reader.refuseUnless("downsample_padding", "1", "0");
    }
}
