package palindrome.network;

import java.util.List;

/** How much memory an autoencoder works with. */
final class CoderMemory {

    /**
     * Arrays of a resnet's size that exist at once: its input, the normed input, and the output. Measured with Stable
     * Diffusion's autoencoder: 655 MB for 512 × 512 pixels, which is 2.4 of them.
     */
    private static final int ARRAYS = 3;

    private CoderMemory() {}

    /** At full resolution the decoder still has the channels of the second level, which is where most is needed. */
    static long bytesPerPixel(final CoderConfig config) {
        final List<Integer> channels = config.blockOutChannels();
        return (long) ARRAYS * Float.BYTES * channels.get(Math.min(1, channels.size() - 1));
    }
}
