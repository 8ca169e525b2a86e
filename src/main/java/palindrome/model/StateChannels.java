package palindrome.model;

import palindrome.network.InpaintingNetwork;
import palindrome.network.NoiseNetwork;
import palindrome.network.UNet;
import palindrome.network.UNetArchitecture;

/**
 * The channels of the state that a model denoises, which are those of its UNet's
 * prediction, and what else the UNet takes beside them.
 *
 * @param state channels of the state
 * @param inpainting whether the UNet also takes a mask and the image outside of it
 */
record StateChannels(int state, boolean inpainting) {

    /**
     * @param owner the model, for messages
     * @throws ModelException if the UNet is of a kind that is not supported, or its
     *           state is no image
     */
    static StateChannels of(final UNetArchitecture unet, final PixelUnshuffle pixelUnshuffle, final Object owner)
            throws ModelException {
        final int in = unet.inChannels();
        final int out = unet.outChannels();
        final String maps = "The UNet of the model in " + owner + " maps " + in + " to " + out + " channels";
        if (out == 2 * in)
            throw new ModelException(maps + ": it also predicts a variance, as the models of learned variance do, which"
                    + " are not supported.");
        if (in == 2 * out)
            throw new ModelException(
                    maps + ": it takes a second image, as InstructPix2Pix does, which is not supported.");
        final boolean inpainting = in == 2 * out + 1;
        final int square = pixelUnshuffle.factor() * pixelUnshuffle.factor();
        final boolean image = out == square || out == 3 * square;
        if (!image || in != out && !inpainting)
            throw new ModelException(maps + "; at pixel_unshuffle = " + pixelUnshuffle.factor() + " a pixel model has "
                    + square + " (grey) or " + 3 * square + " (RGB) on both sides.");
        return new StateChannels(out, inpainting);
    }

    /** @return the network that takes the state alone; an inpainting network is free to paint everything */
    NoiseNetwork network(final UNet unet) {
        return inpainting ? InpaintingNetwork.paintingAll(unet) : unet;
    }
}
