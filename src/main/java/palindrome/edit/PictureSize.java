package palindrome.edit;

import java.util.Optional;

/**
 * The size of a new image, in pixels.
 *
 * @param width from 8 to 8192
 * @param height from 8 to 8192
 */
public record PictureSize(int width, int height) {

    private static final int SMALLEST = 8;
    private static final int LARGEST = 8192;

    /**
     * @param width as asked for; 0 for that of the control image, or else what the model was trained on
     * @param height likewise
     * @param control what leads, if there is something
     * @param opened the model that makes the image
     * @throws IllegalArgumentException if a side is too small or too large
     */
    public static PictureSize of(
            final int width, final int height, final Optional<Control> control, final OpenedModel opened) {
        return new PictureSize(
                side(
                        "width",
                        width,
                        control.map(leading -> leading.image().width())
                                .orElseGet(() -> opened.model().nativeSize().width())),
                side(
                        "height",
                        height,
                        control.map(leading -> leading.image().height())
                                .orElseGet(() -> opened.model().nativeSize().height())));
    }

    private static int side(final String key, final int asked, final int usual) {
        if (asked == 0) return usual;
        if (asked < SMALLEST || asked > LARGEST)
            throw new IllegalArgumentException("'" + key + "' is '" + asked + "', but must be a whole number from "
                    + SMALLEST + " to " + LARGEST + ", or 0 for what the model was trained on.");
        return asked;
    }
}
