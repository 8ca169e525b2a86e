package palindrome.network;

import ai.djl.ndarray.types.Shape;

/** What the networks of autoencoders ask of their inputs. */
final class CoderShapes {

    private CoderShapes() {}

    static void requireImages(final Shape shape, final int channels, final int factor) {
        if (shape.dimension() != 4 || shape.get(1) != channels || shape.get(2) < factor || shape.get(3) < factor)
            throw new IllegalArgumentException("The autoencoder takes images [B, " + channels
                    + ", H, W] with sides of at least " + factor + ", but this one is " + shape + ".");
    }

    static void requireLatents(final Shape shape, final int channels) {
        if (shape.dimension() != 4 || shape.get(1) != channels || shape.size() == 0)
            throw new IllegalArgumentException(
                    "The autoencoder takes latents [B, " + channels + ", h, w], but this one is " + shape + ".");
    }
}
