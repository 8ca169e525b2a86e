package palindrome.network;

import java.util.List;

/** What the two halves of an autoencoder read of its configuration, in diffusers' words. */
interface CoderConfig {

    /** Epsilon of every group norm; not configurable. */
    double NORM_EPS = 1e-6;

    /** @return channels of each level, the finest first */
    List<Integer> blockOutChannels();

    /** @return resnets of a level of the encoder; the decoder has one more */
    int layersPerBlock();

    /** @return groups of every group norm */
    int normNumGroups();

    /** @return whether there is attention at the coarsest level, between the resnets in the middle */
    boolean midBlockAddAttention();

    /** @return a block class for each level of the encoder, the finest first */
    List<String> downBlockTypes();

    /** @return a block class for each level of the decoder, the coarsest first */
    List<String> upBlockTypes();

    /** @return number of levels */
    default int levels() {
        return blockOutChannels().size();
    }

    /** @return pixels a side of one value of a latent */
    default int factor() {
        return 1 << levels() - 1;
    }

    /** @throws IllegalArgumentException naming the option that does not fit */
    static void require(final CoderConfig config, final String network) {
        check(config.levels() > 0, network, "block_out_channels should have an entry for each level");
        check(
                config.downBlockTypes().size() == config.levels()
                        && config.upBlockTypes().size() == config.levels(),
                network,
                "down_block_types, up_block_types and block_out_channels should have one entry a level each, but have "
                        + config.downBlockTypes().size() + ", "
                        + config.upBlockTypes().size() + " and " + config.levels());
        check(
                config.layersPerBlock() > 0,
                network,
                "layers_per_block = " + config.layersPerBlock() + " should be positive");
        for (final int channels : config.blockOutChannels())
            check(
                    config.normNumGroups() > 0 && channels > 0 && channels % config.normNumGroups() == 0,
                    network,
                    "block_out_channels has " + channels + ", which is no multiple of norm_num_groups = "
                            + config.normNumGroups());
    }

    static void check(final boolean condition, final String network, final String message) {
        if (!condition) throw new IllegalArgumentException("This " + network + " cannot be built: " + message + ".");
    }
}
