package palindrome.network;

import java.util.List;

/** How much memory an autoencoder works with. */
final class CoderMemory {

    /** Arrays of a resnet's size that exist at once: its input, the normed input, two in between, and one to spare. */
    private static final int ARRAYS = 5;

    private CoderMemory() {}

    /** At full resolution the decoder still has the channels of the second level, which is where most is needed. */
    static long bytesPerPixel(final CoderConfig config) {
        final List<Integer> channels = config.blockOutChannels();
        return (long) ARRAYS * Float.BYTES * channels.get(Math.min(1, channels.size() - 1));
    }
}
