package palindrome.image;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.gui.Roi;
import ij.io.RoiDecoder;
import ij.io.RoiEncoder;
import ij.process.LUT;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * An image that went into a command, so that it is known again and can be shown as the command saw it. All but the hash
 * is what a user may change without touching a pixel, and a result depends on it.
 *
 * @param title its title then
 * @param current the plane that was shown, counted through the stack from 1
 * @param planes those that the command read, counted from 1
 * @param sha256 hash of the pixels of these planes
 * @param display what is shown black and white, channel by channel; 16- and 32-bit images are read by it
 * @param selection the selection, as ImageJ's ROI file in Base64; empty if there was none
 * @param overlay hash of the overlay's parts; empty if there was none
 */
public record InputImage(
        String title,
        int current,
        List<Integer> planes,
        String sha256,
        List<DisplayRange> display,
        String selection,
        String overlay) {

    /** The values that are shown black and white. */
    public record DisplayRange(double min, double max) {}

    public InputImage {
        Objects.requireNonNull(title);
        Objects.requireNonNull(sha256);
        Objects.requireNonNull(selection);
        Objects.requireNonNull(overlay);
        planes = List.copyOf(planes);
        display = List.copyOf(display);
    }

    /**
     * Describes an image as it is now.
     *
     * @param planes those that are read, counted from 1
     */
    public static InputImage of(ImagePlus image, List<Integer> planes) {
        return new InputImage(
                image.getTitle(),
                image.getCurrentSlice(),
                planes,
                sha256(image, planes),
                display(image),
                encode(image.getRoi()),
                overlay(image));
    }

    /** Whether an image has the overlay that this one had, which some commands draw from. */
    public boolean hasOverlayOf(ImagePlus image) {
        return overlay.equals(overlay(image));
    }

    /**
     * Finds out whether an image has these pixels, in the same planes or, if it was only the one that was shown, in the
     * one that is shown now.
     *
     * @return the plane to show, counted from 1; empty if it has not
     */
    public OptionalInt placeIn(ImagePlus image) {
        if (image.getProcessor() == null || display(image).size() != display.size()) {
            return OptionalInt.empty();
        }
        if (planes.stream().allMatch(plane -> plane <= image.getStackSize()) && sha256.equals(sha256(image, planes))) {
            return OptionalInt.of(Math.min(current, image.getStackSize()));
        }
        int shown = image.getCurrentSlice();
        return planes.equals(List.of(current)) && sha256.equals(sha256(image, List.of(shown)))
                ? OptionalInt.of(shown)
                : OptionalInt.empty();
    }

    /**
     * Shows an image as this one was: the plane, the display ranges and the selection.
     *
     * @param image one that has these pixels
     * @param place where {@link #placeIn} found them
     * @return brings back what was shown before
     */
    public Restoration restoreIn(ImagePlus image, int place) {
        int placeBefore = image.getCurrentSlice();
        List<DisplayRange> displayBefore = display(image);
        Roi roiBefore = image.getRoi();
        boolean otherSelection = !selection.equals(encode(roiBefore));
        show(image, display, place);
        if (otherSelection) {
            image.setRoi(decode());
        }
        return () -> {
            show(image, displayBefore, placeBefore);
            if (otherSelection) {
                image.setRoi(roiBefore);
            }
        };
    }

    /** Undoes {@link #restoreIn}. */
    public interface Restoration extends AutoCloseable {

        @Override
        void close();
    }

    private static String sha256(ImagePlus image, List<Integer> planes) {
        if (planes.size() == 1) {
            return PixelPlane.sha256Of(image, planes.get(0));
        }
        MessageDigest digest = Sha256.digest();
        for (int plane : planes) {
            digest.update(PixelPlane.sha256Of(image, plane).getBytes(StandardCharsets.US_ASCII));
        }
        return Sha256.hex(digest);
    }

    private static String overlay(ImagePlus image) {
        if (image.getOverlay() == null || image.getOverlay().size() == 0) {
            return "";
        }
        MessageDigest digest = Sha256.digest();
        for (Roi roi : image.getOverlay()) {
            digest.update(encode(roi).getBytes(StandardCharsets.US_ASCII));
        }
        return Sha256.hex(digest);
    }

    private static List<DisplayRange> display(ImagePlus image) {
        if (!(image instanceof CompositeImage composite)) {
            return List.of(new DisplayRange(image.getDisplayRangeMin(), image.getDisplayRangeMax()));
        }
        List<DisplayRange> display = new ArrayList<>();
        for (int channel = 1; channel <= composite.getNChannels(); channel++) {
            LUT lut = composite.getChannelLut(channel);
            display.add(new DisplayRange(lut.min, lut.max));
        }
        return display;
    }

    // NB: in an RGB image a display range is not a view but a change of the pixels.
    private static void show(ImagePlus image, List<DisplayRange> display, int place) {
        if (image.getType() != ImagePlus.COLOR_RGB && !display.equals(display(image))) {
            int[] position = image.convertIndexToPosition(place);
            for (int channel = 1; channel <= display.size(); channel++) {
                if (display.size() > 1) {
                    image.setPosition(channel, position[1], position[2]);
                }
                DisplayRange range = display.get(channel - 1);
                image.setDisplayRange(range.min(), range.max());
            }
            image.updateAndDraw();
        }
        if (image.getCurrentSlice() != place) {
            image.setSlice(place);
        }
    }

    private static String encode(Roi roi) {
        return roi == null
                ? ""
                : Base64.getEncoder()
                        .encodeToString(Objects.requireNonNull(
                                RoiEncoder.saveAsByteArray(roi), "ImageJ can write its own selections"));
    }

    private Roi decode() {
        return selection.isEmpty()
                ? null
                : RoiDecoder.openFromByteArray(Base64.getDecoder().decode(selection));
    }
}
