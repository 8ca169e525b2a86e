package palindrome.image;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.io.RoiDecoder;
import ij.io.RoiEncoder;
import java.util.Base64;
import java.util.Objects;

/**
 * An image that went into a command, so that it is known again: what the command saw of it besides its file. All but the
 * hash is what a user may change without touching a pixel, and a result depends on it.
 *
 * @param title its title then
 * @param plane the current one, from 1
 * @param sha256 hash of the plane's pixels, see {@link PixelPlane#sha256()}
 * @param displayMin the value shown black, which 16- and 32-bit images are read by
 * @param displayMax the value shown white
 * @param selection the selection, as ImageJ's ROI file in Base64; empty if there was none
 */
public record InputImage(
        String title, int plane, String sha256, double displayMin, double displayMax, String selection) {

    public InputImage {
        Objects.requireNonNull(title);
        Objects.requireNonNull(sha256);
        Objects.requireNonNull(selection);
    }

    /** Describes an image as it is now. */
    public static InputImage of(ImagePlus image) {
        return new InputImage(
                image.getTitle(),
                image.getCurrentSlice(),
                PixelPlane.sha256Of(image, image.getCurrentSlice()),
                image.getDisplayRangeMin(),
                image.getDisplayRangeMax(),
                encode(image.getRoi()));
    }

    /** Whether the plane of an image, counted from 1, has the pixels that this one had. */
    public boolean isPlane(ImagePlus image, int candidate) {
        return candidate >= 1
                && candidate <= image.getStackSize()
                && sha256.equals(PixelPlane.sha256Of(image, candidate));
    }

    /**
     * Shows an image as it was then: the plane, its display range and the selection.
     *
     * @param image one that has this plane
     * @param at where it has it, from 1
     * @return brings back what was shown before
     */
    public Restoration restoreIn(ImagePlus image, int at) {
        int planeBefore = image.getCurrentSlice();
        Roi roiBefore = image.getRoi();
        image.setSlice(at);
        double minBefore = image.getDisplayRangeMin();
        double maxBefore = image.getDisplayRangeMax();
        setDisplayRange(image, displayMin, displayMax);
        boolean sameSelection = selection.equals(encode(roiBefore));
        if (!sameSelection) {
            image.setRoi(decode());
        }
        return () -> {
            if (!sameSelection) {
                image.setRoi(roiBefore);
            }
            setDisplayRange(image, minBefore, maxBefore);
            image.setSlice(planeBefore);
        };
    }

    /** Undoes {@link #restoreIn}. */
    public interface Restoration extends AutoCloseable {

        @Override
        void close();
    }

    // NB: in an RGB image a display range is not a view but a change of the pixels.
    private static void setDisplayRange(ImagePlus image, double min, double max) {
        if (image.getType() == ImagePlus.COLOR_RGB
                || min == image.getDisplayRangeMin() && max == image.getDisplayRangeMax()) {
            return;
        }
        image.setDisplayRange(min, max);
        image.updateAndDraw();
    }

    private static String encode(Roi roi) {
        return roi == null ? "" : Base64.getEncoder().encodeToString(bytes(roi));
    }

    /** NB: the name and the time point of a selection say nothing about its pixels, and differ once it was saved. */
    private static byte[] bytes(Roi roi) {
        Roi bare = (Roi) roi.clone();
        bare.setName(null);
        bare.setPosition(0);
        return Objects.requireNonNull(RoiEncoder.saveAsByteArray(bare), "ImageJ can encode its own selections");
    }

    private Roi decode() {
        return selection.isEmpty()
                ? null
                : RoiDecoder.openFromByteArray(Base64.getDecoder().decode(selection));
    }
}
