package palindrome.image;

/**
 * How far around and into a selected part a model repaints it. All are in percent of the part's size, which is the side of
 * a square with as many pixels.
 *
 * @param grow how far beyond the part the model may paint; what it paints there is thrown away, but need not meet the
 *     original exactly where the part ends
 * @param feather width of the border, inside what it may paint, that the model leaves the more like the original the
 *     nearer it is to the end
 * @param blend width of the border, inside the part, in which the result is mixed with the original
 * @param padding how far around the part the model sees the image, at least; never less than a sixteenth of the image's
 *     longer side, nor than what the model was trained on, as far as the image reaches
 */
public record InpaintMargins(double grow, double feather, double blend, double padding) {

    /** What suits most images: measured, growing makes borders worse where nothing outside of the selection may change. */
    public static final InpaintMargins DEFAULT = new InpaintMargins(0, 10, 10, 50);

    private static final double LARGEST = 1000;

    public InpaintMargins {
        requirePercentage("Grow", grow);
        requirePercentage("Feather", feather);
        requirePercentage("Blend", blend);
        requirePercentage("Padding", padding);
    }

    private static void requirePercentage(String name, double value) {
        if (!(value >= 0 && value <= LARGEST)) {
            throw new IllegalArgumentException(name + " is " + value
                    + " percent of the selection's size; give a number from 0 to " + LARGEST + ".");
        }
    }
}
