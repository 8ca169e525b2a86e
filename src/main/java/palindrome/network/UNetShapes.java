package palindrome.network;

import ai.djl.ndarray.types.Shape;

/** Whether the inputs of a UNet have the shapes it takes. */
final class UNetShapes {

    private UNetShapes() {}

    static void requireSample(final Shape sample, final int channels) {
        if (sample.dimension() != 4 || sample.get(1) != channels)
            throw new IllegalArgumentException(
                    "The network takes samples [B, " + channels + ", H, W], but this one is " + sample + ".");
    }

    static void requireTimesteps(final Shape timesteps, final long batch) {
        if (timesteps.dimension() != 1 || timesteps.get(0) != batch)
            throw new IllegalArgumentException(
                    "The network takes one timestep per sample, [" + batch + "], but these are " + timesteps + ".");
    }

    static void requireText(final Shape states, final long batch) {
        if (states.dimension() != 3 || states.get(0) != batch)
            throw new IllegalArgumentException(
                    "The network takes text states [" + batch + ", L, D], but these are " + states + ".");
    }
}
