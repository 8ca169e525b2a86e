package palindrome.image;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;

/**
 * What an operation changed in one plane: by how much, and where at all. Pixels are compared by their bits, so that a
 * change too small to be seen is one too.
 */
public final class AlteredPixels {

    private static final int ALTERED = 255;

    private final ImagePlus before;
    private final ImagePlus after;

    /**
     * @param before an image of one plane
     * @param after another of the same type and size
     */
    public AlteredPixels(ImagePlus before, ImagePlus after) {
        this.before = before;
        this.after = after;
    }

    /** The new value minus the old one, 32-bit; of colours, the mean of red, green and blue. It is not shown. */
    public ImagePlus difference() {
        PixelPlane old = PixelPlane.of(before);
        PixelPlane now = PixelPlane.of(after);
        FloatProcessor difference = new FloatProcessor(old.width(), old.height());
        boolean colour = old.type() == PixelType.COLOR_RGB;
        for (int i = 0; i < old.size(); i++) {
            double change = colour ? mean(now.bits(i)) - mean(old.bits(i)) : now.value(i) - old.value(i);
            difference.setf(i, (float) change);
        }
        difference.resetMinAndMax();
        return like(difference);
    }

    /** 255 where a pixel has other bits than before, else 0, 8-bit. It is not shown. */
    public ImagePlus mask() {
        PixelPlane old = PixelPlane.of(before);
        PixelPlane now = PixelPlane.of(after);
        ByteProcessor mask = new ByteProcessor(old.width(), old.height());
        for (int i = 0; i < old.size(); i++) {
            mask.set(i, old.bits(i) == now.bits(i) ? 0 : ALTERED);
        }
        return like(mask);
    }

    private ImagePlus like(ImageProcessor processor) {
        ImagePlus image = new ImagePlus(before.getTitle(), processor);
        image.getStack().setSliceLabel(before.getStack().getSliceLabel(1), 1);
        image.setCalibration(before.getCalibration().copy());
        return image;
    }

    private static double mean(int argb) {
        return ((argb >> 16 & 0xff) + (argb >> 8 & 0xff) + (argb & 0xff)) / 3.0;
    }
}
