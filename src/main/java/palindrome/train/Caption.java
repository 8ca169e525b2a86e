package palindrome.train;

/**
 * The words that describe a crop, in the one order the model is trained with:
 * modality, number, size, brightness. The limits split the training crops into
 * about equal parts.
 */
final class Caption {

    /** Side in pixels of the area that numbers of nuclei refer to. */
    static final int SIDE = 256;

    private static final double FEW = 30;
    private static final double MANY = 80;
    private static final double SMALL = 70;
    private static final double LARGE = 195;

    private Caption() {}

    /**
     * @param modality {@code fluorescence}, {@code brightfield} or {@code histology}
     * @param density nuclei in 256 × 256 pixels
     * @param nucleusArea mean area of a nucleus in pixels
     * @param nucleusLevel mean 8-bit level of nuclei
     * @return a prompt such as {@code fluorescence microscopy, many small bright nuclei}
     */
    static String of(final String modality, final double density, final double nucleusArea, final double nucleusLevel) {
        return modality + " microscopy, "
                + pick(density, FEW, MANY, "few", "some", "many") + " "
                + pick(nucleusArea, SMALL, LARGE, "small", "medium", "large") + " "
                + (nucleusLevel < brightLimit(modality) ? "dim" : "bright") + " nuclei";
    }

    private static double brightLimit(final String modality) {
        return switch (modality) {
            case "fluorescence" -> 95;
            case "histology" -> 130;
            default -> 103;
        };
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
