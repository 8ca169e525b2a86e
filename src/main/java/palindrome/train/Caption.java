package palindrome.train;

/**
 * The words that describe a crop, in the one order the model is trained with:
 * modality, number, size, brightness.
 */
final class Caption {

    private Caption() {}

    /**
     * @param modality {@code fluorescence}, {@code brightfield} or
     *          {@code histology}
     * @param density nuclei in 256 × 256 pixels
     * @param nucleusArea mean area of a nucleus in pixels
     * @param nucleusLevel mean 8-bit level of nuclei
     * @return a prompt such as
     *         {@code fluorescence microscopy, many small bright nuclei}
     */
    static String of(final String modality, final double density, final double nucleusArea, final double nucleusLevel) {
        return modality + " microscopy, " + pick(density, 25, 80, "few", "some", "many") + " "
                + pick(nucleusArea, 90, 220, "small", "medium", "large") + " "
                + (nucleusLevel < 70 ? "dim" : "bright") + " nuclei";
    }

    private static String pick(
            final double value,
            final double low,
            final double high,
            final String below,
            final String between,
            final String above) {
        return value < low ? below : value < high ? between : above;
    }
}
