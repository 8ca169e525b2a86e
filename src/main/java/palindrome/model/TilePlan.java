package palindrome.model;

import palindrome.network.Windows;

/**
 * In which windows the networks of a model see an image. The same plan gives the same bits, so it is kept with every
 * latent.
 *
 * @param network windows of the denoising network, in places of the state
 * @param autoencoder tiles of the autoencoder, in places of the state; whole for a model without one
 */
public record TilePlan(Windows network, Windows autoencoder) {

    /** Working memory of an autoencoder on an ordinary computer, bytes. */
    public static final long USUAL_MEMORY = 2L << 30;

    /** Working memory of an autoencoder where the usual did not suffice, bytes. */
    public static final long LITTLE_MEMORY = 1L << 29;

    /** @return whether the network sees all of such a state at once */
    public boolean isOneWindow(final int rows, final int columns) {
        return network.isOne(rows, columns);
    }

    /** Everything at once. */
    public static TilePlan whole(final int rows, final int columns) {
        return new TilePlan(Windows.whole(rows, columns), Windows.whole(rows, columns));
    }
}
