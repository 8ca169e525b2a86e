package palindrome.network;

import ai.djl.ndarray.NDArray;

/**
 * Takes images to the smaller arrays that a latent diffusion model works on, and back. What comes back is near the
 * image, not equal to it.
 * <p>
 * Pure functions of their inputs and weights: the same bits in, the same bits out. Always computed in the type of the
 * weights, float32, whatever {@code force_upcast} says, since float16 overflows here.
 */
public interface Autoencoder extends AutoCloseable {

    /** @return channels of an image: 3 for RGB */
    int imageChannels();

    /** @return channels of a latent */
    int latentChannels();

    /** @return pixels along each side of what one value of a latent stands for: 8 for Stable Diffusion */
    int factor();

    /** @return from the latents of this network to the states a diffusion model works on */
    LatentScaling scaling();

    /**
     * @return estimate of the bytes of working memory that one pixel takes while images are encoded or decoded
     */
    long bytesPerPixel();

    /**
     * The latent of an image: no random draw, and no rounding to a codebook, so that it can be inverted.
     *
     * @param images [B, C, H, W], in [−1, 1], sides at least {@link #factor()}
     * @param beforeBlock run before every block; leaves by an exception to stop
     * @return [B, L, ⌊H/f⌋, ⌊W/f⌋], owned by the manager of {@code images}; nothing else stays allocated
     * @throws IllegalArgumentException if the shape does not fit
     */
    NDArray encode(NDArray images, Runnable beforeBlock);

    /**
     * The image of a latent.
     *
     * @param latents [B, L, h, w], as {@link #encode} returns them
     * @param beforeBlock as above
     * @return [B, C, f·h, f·w], about [−1, 1], owned by the manager of {@code latents}; nothing else stays allocated
     * @throws IllegalArgumentException if the shape does not fit
     */
    NDArray decode(NDArray latents, Runnable beforeBlock);

    @Override
    void close();
}
