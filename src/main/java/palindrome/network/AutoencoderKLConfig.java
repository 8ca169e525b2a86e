package palindrome.network;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What an {@link AutoencoderKL} is built from: its {@code config.json}, in diffusers' words and with diffusers'
 * defaults where a key is absent. {@code force_upcast} is read by nobody: the autoencoder always runs in float32.
 *
 * @param inChannels channels of an image that is encoded
 * @param outChannels channels of an image that is decoded
 * @param downBlockTypes block class of each level of the encoder, the finest first
 * @param upBlockTypes block class of each level of the decoder, the coarsest first
 * @param blockOutChannels channels of each level, the finest first
 * @param layersPerBlock resnets of a level of the encoder; the decoder has one more
 * @param latentChannels channels of a latent
 * @param normNumGroups groups of every group norm
 * @param useQuantConv whether a 1×1 convolution follows the encoder
 * @param usePostQuantConv whether a 1×1 convolution precedes the decoder
 * @param midBlockAddAttention whether there is attention in the middle
 * @param scaling from latents to states
 */
public record AutoencoderKLConfig(
        int inChannels,
        int outChannels,
        List<String> downBlockTypes,
        List<String> upBlockTypes,
        List<Integer> blockOutChannels,
        int layersPerBlock,
        int latentChannels,
        int normNumGroups,
        boolean useQuantConv,
        boolean usePostQuantConv,
        boolean midBlockAddAttention,
        LatentScaling scaling)
        implements CoderConfig {

    private static final String NETWORK = "AutoencoderKL";

    /** What the pipelines of 2022 had built in, before there was a key for it. */
    private static final double SCALING_FACTOR = 0.18215;

    /** @throws IllegalArgumentException naming the option that does not fit */
    public AutoencoderKLConfig {
        downBlockTypes = List.copyOf(downBlockTypes);
        upBlockTypes = List.copyOf(upBlockTypes);
        blockOutChannels = List.copyOf(blockOutChannels);
        CoderConfig.check(latentChannels > 0, NETWORK, "latent_channels = " + latentChannels + " should be positive");
        CoderConfig.check(
                scaling.shift().size() == latentChannels,
                NETWORK,
                "latents_mean and latents_std should have one number for each of the latent_channels = "
                        + latentChannels);
        CoderConfig.check(
                inChannels > 0 && inChannels == outChannels,
                NETWORK,
                "in_channels = " + inChannels + " and out_channels = " + outChannels + " should be equal and positive");
    }

    /**
     * @param json an autoencoder's {@code config.json}; unknown keys are left alone
     * @return the configuration
     * @throws IllegalArgumentException if a value is illegal or not supported, named in the message
     */
    public static AutoencoderKLConfig fromJson(final JsonObject json) {
        final ConfigReader reader = new ConfigReader(NETWORK, json);
        reader.refuseUnless("act_fn", "\"silu\"", "\"swish\"");
        reader.refuseUnless("down_block_types", "\"DownEncoderBlock2D\"", "\"AttnDownEncoderBlock2D\"");
        reader.refuseUnless("up_block_types", "\"UpDecoderBlock2D\"", "\"AttnUpDecoderBlock2D\"");
        final int latentChannels = reader.integer("latent_channels", 4);
        final AutoencoderKLConfig config = new AutoencoderKLConfig(
                reader.integer("in_channels", 3),
                reader.integer("out_channels", 3),
                reader.texts("down_block_types", List.of("DownEncoderBlock2D")),
                reader.texts("up_block_types", List.of("UpDecoderBlock2D")),
                reader.integers("block_out_channels", List.of(64)),
                reader.integer("layers_per_block", 1),
                latentChannels,
                reader.integer("norm_num_groups", 32),
                reader.flag("use_quant_conv", true),
                reader.flag("use_post_quant_conv", true),
                reader.flag("mid_block_add_attention", true),
                scaling(reader, latentChannels));
        CoderConfig.require(config, NETWORK);
        return config;
    }

    /**
     * As diffusers' pipelines do it: with means and deviations of each channel
     * (z − mean)·scaling_factor/std, otherwise (z − shift_factor)·scaling_factor.
     */
    private static LatentScaling scaling(final ConfigReader reader, final int channels) {
        final double factor = reader.number("scaling_factor", SCALING_FACTOR);
        final List<Double> means = reader.numbers("latents_mean", List.of());
        final List<Double> deviations = reader.numbers("latents_std", List.of());
        if (means.isEmpty() || deviations.isEmpty())
            return LatentScaling.uniform(channels, reader.number("shift_factor", 0), factor);
        CoderConfig.check(
                means.size() == deviations.size(),
                NETWORK,
                "latents_mean has " + means.size() + " numbers and latents_std " + deviations.size());
        return new LatentScaling(
                means,
                IntStream.range(0, means.size())
                        .mapToObj(c -> factor / deviations.get(c))
                        .toList());
    }
}
