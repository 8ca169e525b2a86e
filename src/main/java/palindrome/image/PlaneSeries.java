package palindrome.image;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ImageProcessor;
import ij.process.LUT;
import java.util.List;

/** Makes images of planes that have no original: one plane an image, several a stack. */
public final class PlaneSeries {

    private PlaneSeries() {}

    /**
     * A new image with ImageJ's default look-up table and display range. It is not shown.
     *
     * @param planes one or more planes of one type and size
     * @param labels a slice label for each plane; empty for none
     */
    public static ImagePlus toImage(String title, List<PixelPlane> planes, List<String> labels) {
        ImageStack stack = stack(planes, labels);
        return image(title, stack, stack.getProcessor(1));
    }

    /**
     * A new hyperstack with calibration, Info and look-up table of its first plane, and each channel's look-up table and
     * display range those of its first plane. It is not shown.
     *
     * @param planes an image of one plane for each of the chosen positions, in their order, all of one type and size;
     *     if it is only one, it is the result itself
     * @param compositeMode how channels are shown together, one of {@link CompositeImage}'s modes; 0 if they are not
     */
    static ImagePlus hyperstack(String title, List<ImagePlus> planes, PlaneChoice choice, int compositeMode) {
        ImagePlus first = planes.get(0);
        if (planes.size() == 1) {
            first.setTitle(title);
            return first;
        }
        ImageStack stack = new ImageStack(first.getWidth(), first.getHeight());
        for (ImagePlus plane : planes) {
            stack.addSlice(plane.getStack().getSliceLabel(1), plane.getProcessor());
        }
        ImagePlus image = image(title, stack, first.getProcessor());
        if (first.getType() == ImagePlus.COLOR_256) {
            image.setTypeToColor256();
        }
        int channels = choice.channels().size();
        image.setDimensions(channels, choice.slices().size(), choice.frames().size());
        image.setOpenAsHyperStack(channels > 1 || choice.frames().size() > 1);
        image.setCalibration(first.getCalibration().copy());
        if (first.getInfoProperty() != null) {
            image.setProperty("Info", first.getInfoProperty());
        }
        return compositeMode == 0 || channels == 1 ? image : inColours(image, planes, compositeMode);
    }

    private static ImagePlus inColours(ImagePlus image, List<ImagePlus> planes, int mode) {
        CompositeImage composite = new CompositeImage(image, mode);
        for (int c = 1; c <= image.getNChannels(); c++) {
            ImagePlus plane = planes.get(c - 1);
            LUT lut = plane.getProcessor().getLut();
            lut.min = plane.getDisplayRangeMin();
            lut.max = plane.getDisplayRangeMax();
            composite.setChannelLut(lut, c);
        }
        return composite;
    }

    static ImageStack stack(List<PixelPlane> planes, List<String> labels) {
        if (planes.isEmpty() || !labels.isEmpty() && labels.size() != planes.size()) {
            throw new IllegalArgumentException(
                    planes.size() + " planes with " + labels.size() + " labels do not make an image.");
        }
        PixelPlane first = planes.get(0);
        ImageStack stack = new ImageStack(first.width(), first.height());
        for (int i = 0; i < planes.size(); i++) {
            PixelPlane plane = planes.get(i);
            if (plane.type() != first.type() || plane.width() != first.width() || plane.height() != first.height()) {
                throw new IllegalArgumentException("Planes of " + first + " and " + plane + " do not make one stack.");
            }
            stack.addSlice(labels.isEmpty() ? null : labels.get(i), plane.toProcessor());
        }
        return stack;
    }

    static ImagePlus image(String title, ImageStack stack, ImageProcessor first) {
        ImagePlus image = new ImagePlus(title, stack);
        // NB: a stack hands out its processors afresh; only the image's own keeps a display range.
        image.getProcessor().setColorModel(first.getColorModel());
        if (first.getMin() != image.getProcessor().getMin()
                || first.getMax() != image.getProcessor().getMax()) {
            image.getProcessor().setMinAndMax(first.getMin(), first.getMax());
        }
        return image;
    }
}
