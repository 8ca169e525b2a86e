package palindrome.model;

import palindrome.network.Autoencoder;
import palindrome.network.Windows;

/**
 * Chooses the windows of a latent model from the size of an image alone, never from the memory that happens to be free,
 * so that one seed means one picture.
 */
final class TilePlanner {

    /** Tiles are this many places large, or multiples of it. */
    private static final int STEP = 8;

    /** Neighbours have a quarter of a window in common, as in diffusers. */
    private static final int OVERLAP = 4;

    /** A network still knows what to do with images this much larger than those it was trained on. */
    private static final double COMFORT = 1.5;

    private final int sampleSize;
    private final long bytesPerPlace;
    private final long memory;

    /**
     * @param autoencoder of the model
     * @param sampleSize side of the states its denoiser was trained on; 0 if it does not say
     * @param memory that the autoencoder may work with, bytes; what does not fit is tiled
     */
    TilePlanner(final Autoencoder autoencoder, final int sampleSize, final long memory) {
        this.sampleSize = sampleSize;
        bytesPerPlace = autoencoder.bytesPerPixel() * autoencoder.factor() * autoencoder.factor();
        this.memory = memory;
    }

    /**
     * @param rows of the state
     * @param columns of the state
     */
    TilePlan plan(final int rows, final int columns) {
        return new TilePlan(network(rows, columns), autoencoder(rows, columns));
    }

    private Windows network(final int rows, final int columns) {
        return sampleSize == 0 || Math.max(rows, columns) <= COMFORT * sampleSize
                ? Windows.whole(rows, columns)
                : new Windows(sampleSize, sampleSize / OVERLAP);
    }

    private Windows autoencoder(final int rows, final int columns) {
        if ((double) rows * columns * bytesPerPlace <= memory) return Windows.whole(rows, columns);
        final int side = (int) Math.sqrt((double) memory / bytesPerPlace);
        final int size = Math.max(STEP, side / STEP * STEP);
        return new Windows(size, size / OVERLAP);
    }
}
