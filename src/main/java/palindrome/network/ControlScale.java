package palindrome.network;

/** How strongly a ControlNet's residuals count, one by one. */
@FunctionalInterface
public interface ControlScale {

    /**
     * @param index place of a residual, 0 that of the first convolution, {@code count} − 1 that of the middle block
     * @param count number of residuals
     * @return what it is multiplied with
     */
    double at(int index, int count);

    /**
     * @param scale any number; 1 is what the network was trained with
     * @return the same for all
     */
    static ControlScale uniform(final double scale) {
        return (index, count) -> scale;
    }

    /**
     * For images without a prompt ({@code guess_mode}): the deeper, the stronger, from a tenth of the scale to all of
     * it in equal ratios.
     *
     * @param scale of the middle block's residual
     */
    static ControlScale guess(final double scale) {
        return (index, count) -> scale * Math.pow(10, -1 + (double) index / (count - 1));
    }
}
