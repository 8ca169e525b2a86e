package palindrome.image;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.plugin.LutLoader;
import ij.plugin.filter.ThresholdToSelection;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import java.util.Optional;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.basictypeaccess.array.FloatArray;
import net.imglib2.type.numeric.real.FloatType;

/**
 * A number from 0 to 1 for every pixel of an image, to look at and to select by.
 *
 * @param heat the numbers, with the axes X and Y
 * @param source the image
 */
public record HeatMap(ArrayImg<FloatType, FloatArray> heat, SourceImage source) {

    private static final int INSIDE = 255;

    /** A 32-bit image in ImageJ's <i>Fire</i> colours, black at 0 and white at 1. It is not shown. */
    public ImagePlus toImage() {
        FloatProcessor numbers = new FloatProcessor(
                (int) heat.dimension(0),
                (int) heat.dimension(1),
                heat.update(null).getCurrentStorageArray().clone());
        numbers.setColorModel(LutLoader.getLut("fire"));
        numbers.setMinAndMax(0, 1);
        return likeSource(numbers);
    }

    /**
     * An 8-bit image, 255 where the number is above a threshold and 0 elsewhere. It is not shown.
     *
     * @param threshold from 0 to 1
     */
    public ImagePlus toMask(double threshold) {
        float[] numbers = heat.update(null).getCurrentStorageArray();
        ByteProcessor mask = new ByteProcessor((int) heat.dimension(0), (int) heat.dimension(1));
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i] > threshold) {
                mask.set(i, INSIDE);
            }
        }
        return likeSource(mask);
    }

    private ImagePlus likeSource(ImageProcessor pixels) {
        ImagePlus image = new ImagePlus(source.title(), pixels);
        image.setCalibration(source.calibration().toCalibration());
        image.getStack().setSliceLabel(source.label(), 1);
        return image;
    }

    /** The pixels of a mask that are 255, as a selection; empty if there is none. */
    public static Optional<Roi> selection(ImagePlus mask) {
        ImageProcessor pixels = mask.getProcessor().duplicate();
        pixels.setThreshold(INSIDE, INSIDE, ImageProcessor.NO_LUT_UPDATE);
        return Optional.ofNullable(new ThresholdToSelection().convert(pixels));
    }
}
