package palindrome.image;

/**
 * The size of the states of a sampler, which are stored as [channels][height][width].
 *
 * @param channels at least 1
 * @param height at least 1
 * @param width at least 1
 */
public record LatentShape(int channels, int height, int width) {

    public LatentShape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "A latent cannot have the shape " + channels + " x " + height + " x " + width + ".");
        }
    }

    /** The number of values of a state. */
    public int size() {
        return Math.multiplyExact(channels, planeSize());
    }

    /** The number of values of a channel. */
    public int planeSize() {
        return Math.multiplyExact(height, width);
    }
}
