package palindrome.model;

import palindrome.network.Autoencoder;
import palindrome.network.Windows;

/**
 * Chooses the windows of a latent model from the size of an image alone, never from the memory that happens to be free,
 * so that one seed means one picture.
 */
final class TilePlanner {

    /** Working memory of the autoencoder, beyond which it goes tile by tile. */
    private static final long MEMORY = 2L << 30;

    /** Tiles are this many places large, or multiples of it. */
    private static final int STEP = 8;

    /** Neighbours have a quarter of a window in common, as in diffusers. */
    private static final int OVERLAP = 4;

    /** A network still knows what to do with images this much larger than those it was trained on. */
    private static final double COMFORT = 1.5;

    private TilePlanner() {}

    /**
     * @param autoencoder of the model
     * @param sampleSize side of the states its denoiser was trained on; 0 if it does not say
     * @param rows of the state
     * @param columns of the state
     */
    static TilePlan plan(final Autoencoder autoencoder, final int sampleSize, final int rows, final int columns) {
        return new TilePlan(network(sampleSize, rows, columns), autoencoder(autoencoder, rows, columns));
    }

    private static Windows network(final int sampleSize, final int rows, final int columns) {
        return sampleSize == 0 || Math.max(rows, columns) <= COMFORT * sampleSize
                ? Windows.whole(rows, columns)
                : new Windows(sampleSize, sampleSize / OVERLAP);
    }

    private static Windows autoencoder(final Autoencoder autoencoder, final int rows, final int columns) {
        final long bytes = autoencoder.bytesPerPixel() * autoencoder.factor() * autoencoder.factor();
        if ((double) rows * columns * bytes <= MEMORY) return Windows.whole(rows, columns);
        final int side = (int) Math.sqrt((double) MEMORY / bytes);
        final int size = Math.max(STEP, side / STEP * STEP);
        return new Windows(size, size / OVERLAP);
    }
}
