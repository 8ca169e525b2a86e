package palindrome.model;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.UnaryOperator;
import palindrome.network.Autoencoder;
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
     * @throws ModelException if the UNet is of a kind that is not supported
     */
    static StateChannels of(final UNetArchitecture unet, final Object owner) throws ModelException {
        final int in = unet.inChannels();
        final int out = unet.outChannels();
        final String maps = maps(unet, owner);
        if (out == 2 * in)
            throw new ModelException(maps + ": it also predicts a variance, as the models of learned variance do, which"
                    + " are not supported.");
        if (in == 2 * out)
            throw new ModelException(
                    maps + ": it takes a second image, as InstructPix2Pix does, which is not supported.");
        final boolean inpainting = in == 2 * out + 1;
        if (in != out && !inpainting)
            throw new ModelException(maps + ", which is neither a denoiser (as many) nor one for inpainting (2n + 1 to"
                    + " n); such models are not supported.");
        return new StateChannels(out, inpainting);
    }

    /** @return whether the state can be an image, grey or RGB */
    boolean arePixels(final PixelUnshuffle pixelUnshuffle) {
        final int square = pixelUnshuffle.factor() * pixelUnshuffle.factor();
        return state == square || state == 3 * square;
    }

    /**
     * A model without an autoencoder works on pixels.
     *
     * @throws ModelException if the state is no image
     */
    void requirePixels(final UNetArchitecture unet, final PixelUnshuffle pixelUnshuffle, final Object owner)
            throws ModelException {
        if (arePixels(pixelUnshuffle)) return;
        final int square = pixelUnshuffle.factor() * pixelUnshuffle.factor();
        throw new ModelException(maps(unet, owner) + ", and it comes without an autoencoder; at pixel_unshuffle = "
                + pixelUnshuffle.factor() + " a model of pixels has " + square + " (grey) or " + 3 * square
                + " (RGB). If it works on latents, give the autoencoder that was made for it, a folder or a .safetensors"
                + " file, as vae=path.");
    }

    private static String maps(final UNetArchitecture unet, final Object owner) {
        return "The UNet of the model in " + owner + " maps " + unet.inChannels() + " to " + unet.outChannels()
                + " channels";
    }

    /**
     * @param autoencoder of a latent model
     * @return the network that takes the state alone; an inpainting network is free to
     *         paint everything, on nothing but grey
     */
    NoiseNetwork network(final UNet unet, final Optional<Autoencoder> autoencoder) {
        if (!inpainting) return unet;
        return new InpaintingNetwork(
                unet, autoencoder.<UnaryOperator<NDArray>>map(BlankLatents::new).orElse(NDArray::zerosLike));
    }
}
