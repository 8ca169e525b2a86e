package palindrome.train;

import java.util.StringJoiner;
import java.util.random.RandomGenerator;

/**
 * The words that describe a crop, in the one order the model is trained with:
 * modality, number, size, brightness. The limits leave each word a good
 * share of the training crops, and few and many well apart.
 *
 * @param modality {@code fluorescence}, {@code brightfield} or {@code histology}
 * @param number {@code few}, {@code some} or {@code many}
 * @param size {@code small}, {@code medium} or {@code large}
 * @param brightness {@code dim} or {@code bright}
 */
record Caption(String modality, String number, String size, String brightness) {

    /** Side in pixels of the area that numbers of nuclei refer to. */
    static final int SIDE = 256;

    private static final double FEW = 30;
    private static final double MANY = 120;
    private static final double SMALL = 70;
    private static final double LARGE = 195;

    /**
     * @param modality {@code fluorescence}, {@code brightfield} or {@code histology}
     * @param density nuclei in 256 × 256 pixels
     * @param nucleusArea mean area of a nucleus in pixels
     * @param nucleusLevel mean 8-bit level of nuclei
     */
    static Caption of(
            final String modality, final double density, final double nucleusArea, final double nucleusLevel) {
        return new Caption(
                modality,
                pick(density, FEW, MANY, "few", "some", "many"),
                pick(nucleusArea, SMALL, LARGE, "small", "medium", "large"),
                nucleusLevel < brightLimit(modality) ? "dim" : "bright");
    }

    /** @return all of it, such as {@code fluorescence microscopy, many small bright nuclei} */
    String text() {
        return modality + " microscopy, " + number + " " + size + " " + brightness + " nuclei";
    }

    /**
     * @param dropout probability that a word is left out, in [0, 1]
     * @return part of it, such as {@code many bright nuclei}, as users write prompts
     */
    String part(final RandomGenerator random, final double dropout) {
        final StringJoiner nuclei = new StringJoiner(" ");
        for (final String word : new String[] {number, size, brightness})
            if (random.nextDouble() >= dropout) nuclei.add(word);
        nuclei.add("nuclei");
        return random.nextDouble() < dropout ? nuclei.toString() : modality + " microscopy, " + nuclei;
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
