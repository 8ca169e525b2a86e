package palindrome.edit;

import java.io.IOException;
import palindrome.image.ControlImage;
import palindrome.image.ControlKind;

/**
 * What a record says of a {@link Control}; the pixels of its image travel with the latent.
 *
 * @param image title of the image it was drawn from
 * @param kind what was drawn of it, as macros name it
 * @param width of the control image, pixels
 * @param height of the control image, pixels
 * @param imageSha256 hash of what the control network saw
 * @param controlNet what opened the control network
 * @param controlNetSha256 hash of its weights
 * @param scale weight of what it says
 * @param start share of the steps, from the noise, before which it is not heard
 * @param end share of the steps after which it is not heard
 */
public record ControlRecord(
        String image,
        String kind,
        int width,
        int height,
        String imageSha256,
        String controlNet,
        String controlNetSha256,
        double scale,
        double start,
        double end) {

    static ControlRecord of(final Control control, final String controlNet, final String controlNetSha256) {
        final ControlImage image = control.image();
        return new ControlRecord(
                image.title(),
                image.kind().toString(),
                image.width(),
                image.height(),
                image.sha256(),
                controlNet,
                controlNetSha256,
                control.scale(),
                control.start(),
                control.end());
    }

    /**
     * @param values of the control image, as they were kept
     * @return the control that was recorded
     * @throws IOException if they are those of another image
     */
    Control with(final float[] values) throws IOException {
        try {
            final ControlImage read = ControlImage.of(image, ControlKind.of(kind), width, height, values);
            if (!read.sha256().equals(imageSha256)) throw InversionImage.damaged(null);
            return new Control(read, controlNet, scale, start, end);
        } catch (final IllegalArgumentException exc) {
            throw InversionImage.damaged(exc);
        }
    }

    /** For people: what led, and how strongly. */
    @Override
    public String toString() {
        return image + " (" + kind + ", " + width + " x " + height + "), ControlNet " + controlNet + ", scale " + scale
                + ", from " + start + " to " + end + " of the steps";
    }
}
