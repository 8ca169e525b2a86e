package palindrome.network;

import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What a {@link UNet2DModel} is built from: the keys of its {@code config.json}
 * that this implementation honours, in diffusers' words.
 * <p>
 * Lists have one entry for each resolution level, the finest first, except
 * {@code upBlockTypes}, which starts with the coarsest.
 *
 * @param sampleSize side of the samples it was trained on, 0 if not stated
 * @param inChannels channels of the sample
 * @param outChannels channels of the prediction
 * @param centerInputSample whether the sample is mapped from [0, 1] to [−1, 1]
 * @param timeEmbeddingType how a timestep becomes a vector
 * @param flipSinToCos whether cosines precede sines, where that is positional
 * @param freqShift subtracted from the number of frequencies in their exponent
 * @param downBlockTypes {@code AttnDownBlock2D} or {@code DownBlock2D}
 * @param midBlock whether there is a middle block
 * @param upBlockTypes {@code AttnUpBlock2D} or {@code UpBlock2D}
 * @param blockOutChannels channels of each level
 * @param layersPerBlock resnet blocks of each level on the way down; one more on
 *          the way up
 * @param midBlockScaleFactor divides the output of the middle block's modules
 * @param downsamplePadding 1, or 0 for a row and column of zeros at the bottom and
 *          right
 * @param downsampleType how levels with attention halve the resolution
 * @param upsampleType how levels with attention double it
 * @param attentionHeadDim width of each head; NB: here the name means what it says.
 *          0 stands for null, which is one head as wide as the level
 * @param normNumGroups groups of every group norm
 * @param attnNormNumGroups groups of the norm of the middle block's attention; 0
 *          stands for null, which is {@code normNumGroups}, or no norm at all
 *          where the time embedding scales and shifts
 * @param normEps epsilon of every group norm
 * @param resnetTimeScaleShift how resnet blocks take in the time embedding
 * @param addAttention whether the middle block has attention
 * @param classEmbedType how a class label is taken in
 * @param numTrainTimesteps length of the table of a learned time embedding
 * @param timeEmbeddingDim width of the time embedding
 */
public record UNet2DConfig(
        int sampleSize,
        int inChannels,
        int outChannels,
        boolean centerInputSample,
        TimeEmbeddingType timeEmbeddingType,
        boolean flipSinToCos,
        double freqShift,
        List<String> downBlockTypes,
        boolean midBlock,
        List<String> upBlockTypes,
        List<Integer> blockOutChannels,
        List<Integer> layersPerBlock,
        double midBlockScaleFactor,
        int downsamplePadding,
        Resampling downsampleType,
        Resampling upsampleType,
        int attentionHeadDim,
        int normNumGroups,
        int attnNormNumGroups,
        double normEps,
        TimeScaleShift resnetTimeScaleShift,
        boolean addAttention,
        ClassEmbedType classEmbedType,
        int numTrainTimesteps,
        int timeEmbeddingDim)
        implements UNetConfig, UNetArchitecture {

    private static final String DOWN = "AttnDownBlock2D";
    private static final String UP = "AttnUpBlock2D";

    /** How a timestep becomes a vector. */
    public enum TimeEmbeddingType {
        /** Sinusoids. */
        POSITIONAL,
        /** Sinusoids of its logarithm at stored frequencies; the network's output is divided by the timestep. */
        FOURIER,
        /** A trained vector for each. */
        LEARNED
    }

    /**
     * @throws IllegalArgumentException if lists do not match or a number of
     *           channels cannot be divided as asked
     */
    public UNet2DConfig {
        LevelChecks.requireLevels(blockOutChannels, downBlockTypes, upBlockTypes);
        LevelChecks.requireKnown(downBlockTypes, "down_block_types", DOWN, "DownBlock2D");
        LevelChecks.requireKnown(upBlockTypes, "up_block_types", UP, "UpBlock2D");
        LevelChecks.requireGroups(blockOutChannels, normNumGroups);
        LevelChecks.requirePositive(layersPerBlock, "layers_per_block");
        final int levels = blockOutChannels.size();
        for (int i = 0; i < levels; i++) {
            final int channels = blockOutChannels.get(i);
            final boolean attends = downBlockTypes.get(i).equals(DOWN)
                    || upBlockTypes.get(levels - 1 - i).equals(UP)
                    || i == levels - 1 && midBlock && addAttention;
            LevelChecks.require(
                    !attends || attentionHeadDim == 0 || attentionHeadDim > 0 && channels % attentionHeadDim == 0,
                    "block_out_channels has " + channels + ", which is no multiple of attention_head_dim = "
                            + attentionHeadDim);
        }
        LevelChecks.require(
                attnNormNumGroups >= 0
                        && (attnNormNumGroups == 0 || blockOutChannels.get(levels - 1) % attnNormNumGroups == 0),
                "block_out_channels ends with " + blockOutChannels.get(levels - 1)
                        + ", which is no multiple of attn_norm_num_groups = " + attnNormNumGroups);
        LevelChecks.require(
                timeEmbeddingType != TimeEmbeddingType.LEARNED || numTrainTimesteps > 0,
                "time_embedding_type is learned, but num_train_timesteps does not say for how many timesteps");
    }

    /**
     * @param json a UNet's {@code config.json}; absent keys take diffusers'
     *          defaults, {@code dropout} changes nothing here, unknown keys are left
     *          alone
     * @return the configuration
     * @throws IllegalArgumentException if an option is not supported, named in the
     *           message, or has an illegal value
     */
    public static UNet2DConfig fromJson(final JsonObject json) {
        final ConfigReader reader = new ConfigReader("UNet2DModel", json);
        refuseUnsupported(reader);
        final List<Integer> channels = reader.channels("block_out_channels", List.of(224, 448, 672, 896));
        return new UNet2DConfig(
                reader.sampleSize(),
                reader.integer("in_channels", 3),
                reader.integer("out_channels", 3),
                reader.flag("center_input_sample", false),
                reader.oneOf("time_embedding_type", TimeEmbeddingType.POSITIONAL),
                reader.flag("flip_sin_to_cos", true),
                reader.number("freq_shift", 0),
                reader.texts("down_block_types", List.of("DownBlock2D", DOWN, DOWN, DOWN)),
                !reader.isNull("mid_block_type"),
                reader.texts("up_block_types", List.of(UP, UP, UP, "UpBlock2D")),
                channels,
                Collections.nCopies(channels.size(), reader.integer("layers_per_block", 2)),
                reader.number("mid_block_scale_factor", 1),
                reader.integer("downsample_padding", 1),
                reader.oneOf("downsample_type", Resampling.CONV),
                reader.oneOf("upsample_type", Resampling.CONV),
                reader.isNull("attention_head_dim") ? 0 : reader.integer("attention_head_dim", 8),
                reader.groups(),
                reader.integer("attn_norm_num_groups", 0),
                reader.number("norm_eps", 1e-5),
                reader.oneOf("resnet_time_scale_shift", TimeScaleShift.DEFAULT),
                reader.flag("add_attention", true),
                ClassEmbedType.read(reader, "timestep", "identity"),
                reader.integer("num_train_timesteps", 0),
                reader.integer("time_embedding_dim", 4 * channels.get(0)));
    }

    /**
     * @param level resolution level, 0 the finest
     * @return heads of the attention there
     */
    public int attentionHeads(final int level) {
        return attentionHeadDim == 0 ? 1 : blockOutChannels.get(level) / attentionHeadDim;
    }

    /** @return groups of the norm of the middle block's attention, 0 if it has none */
    int midAttentionGroups() {
        if (attnNormNumGroups > 0) return attnNormNumGroups;
        return resnetTimeScaleShift == TimeScaleShift.DEFAULT ? normNumGroups : 0;
    }

    /** @return width of a projected timestep */
    int timestepInputDim() {
        final int finest = blockOutChannels.get(0);
        return timeEmbeddingType == TimeEmbeddingType.FOURIER ? 2 * finest : finest;
    }

    @Override
    public int levels() {
        return blockOutChannels.size();
    }

    @Override
    public boolean hasTransformers(final int level) {
        return false;
    }

    @Override
    public Map<String, Shape> parameterShapes() {
        return UNet2DModel.parameterShapes(this);
    }

    @Override
    public UNet build(final Weights weights) {
        return new UNet2DModel(this, weights);
    }

    private static void refuseUnsupported(final ConfigReader reader) {
        reader.refuseUnless("act_fn", "\"silu\"", "\"swish\"");
        reader.refuseUnless("mid_block_type", "\"UNetMidBlock2D\"");
        reader.refuseUnless("downsample_padding", "1", "0");
    }
}
