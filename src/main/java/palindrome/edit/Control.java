package palindrome.edit;

import palindrome.image.ControlImage;
import palindrome.model.ModelCatalog;

/**
 * A control image and how strongly it leads (ControlNet, Zhang et al. 2023).
 *
 * @param image what the control network sees, of the size of the image that is made
 * @param controlNet {@code bundled}, a folder, a {@code .safetensors} file, or {@code owner/name[@revision]} of one in
 *          the Hugging Face cache
 * @param scale weight of what the control network says, from 0 up; 1 is what it was trained with, 0 is none of it
 * @param start share of the steps, counted from the noise, before which it is not heard, in [0, 1]
 * @param end share of the steps after which it is not heard, in [{@code start}, 1]
 */
public record Control(ControlImage image, String controlNet, double scale, double start, double end) {

    public Control {
        if (!(scale >= 0) || Double.isInfinite(scale))
            throw new IllegalArgumentException(
                    "The control scale is " + scale + "; use a number from 0 up, 1 for the usual.");
        if (!(start >= 0 && start <= end && end <= 1))
            throw new IllegalArgumentException("The control image leads from " + start + " to " + end
                    + " of the steps; use controlstart and controlend from 0 to 1, the start no greater than the end.");
    }

    /** The bundled ControlNet at its usual strength in all steps. */
    public static Control bundled(final ControlImage image) {
        return new Control(image, ModelCatalog.BUNDLED, 1, 0, 1);
    }

    /** For people: what leads, and how strongly. */
    @Override
    public String toString() {
        return ControlRecord.of(this, controlNet, "").toString();
    }

    /**
     * As diffusers counts: a step counts if all of it lies between start and end.
     *
     * @param node from 1, beside the image, to {@code steps}, in pure noise
     * @param steps that are taken
     * @return whether the control image is heard there
     */
    boolean isHeardAt(final int node, final int steps) {
        final int taken = steps - node;
        return scale != 0 && (double) taken / steps >= start && (double) (taken + 1) / steps <= end;
    }

    /** @throws IllegalArgumentException if the control image has another size */
    void requireSize(final long width, final long height) {
        if (image.width() != width || image.height() != height)
            throw new IllegalArgumentException("The control image '" + image.title() + "' is " + image.width() + " × "
                    + image.height() + " pixels, but the image " + width + " × " + height
                    + ": give both the same size, with Image>Scale... or, for a new image, width=" + image.width()
                    + " height=" + image.height() + ".");
    }
}
