package palindrome.model;

/**
 * Size of the image that a model works on, which Stable Diffusion XL is told.
 *
 * @param width in pixels
 * @param height in pixels
 */
public record ImageSize(int width, int height) {}
