package palindrome.network;

import com.google.gson.JsonObject;
import java.util.List;

/**
 * What a {@link VQModel} is built from: its {@code config.json}, in diffusers' words and with diffusers' defaults where
 * a key is absent, but for {@code scaling_factor}: autoencoders saved before there was that key belong to pipelines that
 * did not scale, so it is 1 where it is absent.
 *
 * @param inChannels channels of an image that is encoded
 * @param outChannels channels of an image that is decoded
 * @param downBlockTypes block class of each level of the encoder, the finest first
 * @param upBlockTypes block class of each level of the decoder, the coarsest first
 * @param blockOutChannels channels of each level, the finest first
 * @param layersPerBlock resnets of a level of the encoder; the decoder has one more
 * @param latentChannels channels between encoder and codebook
 * @param normNumGroups groups of every group norm
 * @param numVqEmbeddings vectors in the codebook
 * @param vqEmbedDim channels of a vector, and of a latent
 * @param midBlockAddAttention whether there is attention in the middle
 * @param scaling from latents to states
 */
public record VQModelConfig(
        int inChannels,
        int outChannels,
        List<String> downBlockTypes,
        List<String> upBlockTypes,
        List<Integer> blockOutChannels,
        int layersPerBlock,
        int latentChannels,
        int normNumGroups,
        int numVqEmbeddings,
        int vqEmbedDim,
        boolean midBlockAddAttention,
        LatentScaling scaling)
        implements CoderConfig {

    private static final String NETWORK = "VQModel";

    /** @throws IllegalArgumentException naming the option that does not fit */
    public VQModelConfig {
        downBlockTypes = List.copyOf(downBlockTypes);
        upBlockTypes = List.copyOf(upBlockTypes);
        blockOutChannels = List.copyOf(blockOutChannels);
        CoderConfig.check(
                latentChannels > 0 && vqEmbedDim > 0 && numVqEmbeddings > 0,
                NETWORK,
                "latent_channels = " + latentChannels + ", vq_embed_dim = " + vqEmbedDim + " and num_vq_embeddings = "
                        + numVqEmbeddings + " should be positive");
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
    public static VQModelConfig fromJson(final JsonObject json) {
        final ConfigReader reader = new ConfigReader(NETWORK, json);
        reader.refuseUnless("act_fn", "\"silu\"", "\"swish\"");
        reader.refuseUnless("norm_type", "\"group\"");
        reader.refuseUnless("lookup_from_codebook", "false");
        reader.refuseUnless("down_block_types", "\"DownEncoderBlock2D\"", "\"AttnDownEncoderBlock2D\"");
        reader.refuseUnless("up_block_types", "\"UpDecoderBlock2D\"", "\"AttnUpDecoderBlock2D\"");
        final int latentChannels = reader.integer("latent_channels", 3);
        final int vqEmbedDim = reader.integer("vq_embed_dim", latentChannels);
        final VQModelConfig config = new VQModelConfig(
                reader.integer("in_channels", 3),
                reader.integer("out_channels", 3),
                reader.texts("down_block_types", List.of("DownEncoderBlock2D")),
                reader.texts("up_block_types", List.of("UpDecoderBlock2D")),
                reader.integers("block_out_channels", List.of(64)),
                reader.integer("layers_per_block", 1),
                latentChannels,
                reader.integer("norm_num_groups", 32),
                reader.integer("num_vq_embeddings", 256),
                vqEmbedDim,
                reader.flag("mid_block_add_attention", true),
                LatentScaling.uniform(vqEmbedDim, 0, reader.number("scaling_factor", 1)));
        CoderConfig.require(config, NETWORK);
        return config;
    }
}
