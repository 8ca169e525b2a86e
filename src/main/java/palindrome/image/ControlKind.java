package palindrome.image;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a control network is shown of an image. */
public enum ControlKind {

    /** The current plane as it is displayed. */
    IMAGE {
        @Override
        ColorProcessor draw(ImagePlus image) {
            return image.getProcessor().duplicate().convertToColorProcessor();
        }
    },

    /** The edges of the current plane as it is displayed, in grey: ImageJ's <i>Find Edges</i>, a Sobel filter. */
    EDGES {
        @Override
        ColorProcessor draw(ImagePlus image) {
            ImageProcessor grey = IMAGE.draw(image).convertToByteProcessor(false);
            grey.findEdges();
            return grey.convertToColorProcessor();
        }
    },

    /** The current plane as a label map or a binary mask: see {@link LabelDrawing}. */
    LABELS {
        @Override
        ColorProcessor draw(ImagePlus image) {
            return drawn(image.getTitle(), image.getProcessor());
        }
    },

    /**
     * The area selections of the overlay and the selection itself, as far as they belong to the current plane, each an
     * object: see {@link LabelDrawing}.
     */
    ROIS {
        @Override
        ColorProcessor draw(ImagePlus image) {
            ShortProcessor labels = new ShortProcessor(image.getWidth(), image.getHeight());
            Overlay overlay = image.getOverlay();
            int count = 0;
            if (overlay != null) {
                for (Roi roi : overlay) count = fill(labels, roi, image, count);
            }
            if (fill(labels, image.getRoi(), image, count) == 0)
                throw new IllegalArgumentException("'" + image.getTitle()
                        + "' has no area selections in the plane that is shown: draw some and add them to the overlay"
                        + " (Ctrl+B), or use another controlkind.");
            return drawn(image.getTitle(), labels);
        }
    };

    private static final int MOST_OBJECTS = 65535;

    /**
     * @param name a kind in lower case, as macros name it
     * @throws IllegalArgumentException if there is none of that name
     */
    public static ControlKind of(String name) {
        for (ControlKind kind : values()) {
            if (kind.toString().equals(name)) return kind;
        }
        throw new IllegalArgumentException("'" + name + "' is no kind of control image; use one of "
                + Arrays.stream(values()).map(ControlKind::toString).collect(Collectors.joining(", ")) + ".");
    }

    /**
     * Draws what a control network is shown.
     *
     * @throws IllegalArgumentException if the image has nothing of the kind
     */
    abstract ColorProcessor draw(ImagePlus image);

    /** The name that macros use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Fills an area selection with the next label; later ones cover earlier ones. */
    private static int fill(ShortProcessor labels, Roi roi, ImagePlus image, int count) {
        if (roi == null || !roi.isArea() || !StackPosition.currentOf(image).holds(roi, image)) return count;
        if (count == MOST_OBJECTS)
            throw new IllegalArgumentException("There are more than " + MOST_OBJECTS + " selections; use fewer.");
        labels.setValue(count + 1.0);
        labels.fill(roi);
        return count + 1;
    }

    private static ColorProcessor drawn(String title, ImageProcessor labels) {
        LabelDrawing.requireLabels(title, labels);
        return LabelDrawing.of(labels).convertToColorProcessor();
    }
}
