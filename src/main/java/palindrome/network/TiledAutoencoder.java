package palindrome.network;

import ai.djl.ndarray.NDArray;

/**
 * An autoencoder in overlapping tiles, for images whose activations would not fit into memory. Tiles know nothing of
 * each other, so that tones may differ between them by a little; blending hides the seams.
 */
public final class TiledAutoencoder implements Autoencoder {

    private final Autoencoder whole;
    private final Windows tiles;

    /**
     * @param whole what is applied to each tile; closed with this
     * @param tiles in places of a latent
     */
    public TiledAutoencoder(final Autoencoder whole, final Windows tiles) {
        this.whole = whole;
        this.tiles = tiles;
    }

    @Override
    public int imageChannels() {
        return whole.imageChannels();
    }

    @Override
    public int latentChannels() {
        return whole.latentChannels();
    }

    @Override
    public int factor() {
        return whole.factor();
    }

    @Override
    public LatentScaling scaling() {
        return whole.scaling();
    }

    @Override
    public long bytesPerPixel() {
        return whole.bytesPerPixel();
    }

    @Override
    public NDArray encode(final NDArray images, final Runnable beforeBlock) {
        return new WindowedMap(tiles, factor(), 1).apply(images, tile -> whole.encode(tile, beforeBlock));
    }

    @Override
    public NDArray decode(final NDArray latents, final Runnable beforeBlock) {
        return new WindowedMap(tiles, 1, factor()).apply(latents, tile -> whole.decode(tile, beforeBlock));
    }

    @Override
    public void close() {
        whole.close();
    }
}
