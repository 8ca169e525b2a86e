package palindrome.network;

/**
 * What an evaluation of a UNet takes besides its weights, estimated from the shapes of its activations: those kept for
 * the way up, and those that the largest block holds at once. For the bundled model, 512 to 1024 pixels wide, it was
 * measured to be from 20 % too low to 55 % too high.
 */
final class EvaluationMemory {

    /** A resnet block on the way up holds its concatenated input four times over: as it is, normed, and for its convolution. */
    private static final int INPUTS = 4;

    private static final int OUTPUTS = 2;

    /** A transformer block holds its tokens, and a feed-forward layer eight and four times as wide. */
    private static final int TOKENS = 16;

    private final UNetConfig config;

    EvaluationMemory(final UNetConfig config) {
        this.config = config;
    }

    /**
     * @param batch states evaluated together
     * @param height of a state
     * @param width of a state
     * @return numbers held at once, about
     */
    long elements(final long batch, final long height, final long width) {
        long working = 0;
        for (int level = 0; level < config.levels(); level++)
            working = Math.max(working, places(batch, height, width, level) * widest(level));
        return kept(batch, height, width) + working;
    }

    /** @return numbers that the way down leaves for the way up; arguments as above */
    long kept(final long batch, final long height, final long width) {
        long kept = 0;
        for (int level = 0; level < config.levels(); level++)
            kept += places(batch, height, width, level)
                    * channels(level)
                    * (config.layersPerBlock().get(level) + 1);
        return kept;
    }

    private static long places(final long batch, final long height, final long width, final int level) {
        return batch * (-(-height >> level)) * (-(-width >> level));
    }

    private long widest(final int level) {
        final long below = channels(Math.min(level + 1, config.levels() - 1));
        final long resnet = INPUTS * (below + channels(level)) + OUTPUTS * channels(level);
        return config.hasTransformers(level) ? Math.max(resnet, TOKENS * channels(level)) : resnet;
    }

    private long channels(final int level) {
        return config.blockOutChannels().get(level);
    }
}
