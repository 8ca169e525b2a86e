package palindrome.image;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ImageProcessor;
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

    static ImageStack stack(List<PixelPlane> planes, List<String> labels) {
        if (planes.isEmpty() || !labels.isEmpty() && labels.size() != planes.size()) {
            throw new IllegalArgumentException(
                    planes.size() + " planes with " + labels.size() + " labels do not make an image");
        }
        PixelPlane first = planes.get(0);
        ImageStack stack = new ImageStack(first.width(), first.height());
        for (int i = 0; i < planes.size(); i++) {
            PixelPlane plane = planes.get(i);
            if (plane.type() != first.type() || plane.width() != first.width() || plane.height() != first.height()) {
                throw new IllegalArgumentException("Planes of " + first + " and " + plane + " do not make one stack");
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
