package palindrome.command;

import ij.ImagePlus;
import java.util.Optional;
import palindrome.edit.Control;
import palindrome.image.ControlImage;
import palindrome.image.ControlKind;

/** What the keys of a control image mean. */
final class ControlInput {

    private static final String BUNDLED = "bundled";
    private static final String AUTOMATIC = "auto";

    private ControlInput() {}

    /**
     * @param image what to draw the control image from; null for no control
     * @param kind a {@link ControlKind}, or {@code auto}: labels for the bundled ControlNet, which was trained on them,
     *          and the image as it is for others
     * @return the control, drawn; empty without an image
     * @throws IllegalArgumentException if the image has nothing of the kind, a number is out of range, or a ControlNet is
     *           named but no image
     */
    static Optional<Control> of(
            final ImagePlus image,
            final String kind,
            final String controlNet,
            final double scale,
            final double start,
            final double end) {
        final String network = controlNet.strip();
        if (image == null && !network.equals(BUNDLED))
            throw new IllegalArgumentException("'controlnet' is '" + network
                    + "', but there is no control image: name an open image as 'control'.");
        if (image == null) return Optional.empty();
        return Optional.of(new Control(ControlImage.of(image, kind(kind, network)), network, scale, start, end));
    }

    private static ControlKind kind(final String kind, final String controlNet) {
        if (!kind.equals(AUTOMATIC)) return ControlKind.of(kind);
        return controlNet.equals(BUNDLED) ? ControlKind.LABELS : ControlKind.IMAGE;
    }
}
