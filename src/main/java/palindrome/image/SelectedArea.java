package palindrome.image;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.FloodFiller;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pixels of an image that somebody selected, at least one: by a selection of any shape, by the ROI Manager, or by a
 * mask. Immutable.
 */
public final class SelectedArea {

    private static final int INSIDE = 255;
    private static final int MOST_PARTS = 65534;

    private final ByteProcessor mask;

    private SelectedArea(ByteProcessor mask) {
        this.mask = mask;
    }

    /**
     * The area selection of an image; a composite one as the pixels it contains.
     *
     * @throws IllegalArgumentException if nothing is selected, or nothing that has an area within the image
     */
    public static SelectedArea of(ImagePlus image) {
        Roi roi = image.getRoi();
        if (roi == null) {
            throw new IllegalArgumentException("Nothing is selected in '" + image.getTitle()
                    + "'; draw a rectangle, oval, polygon or freehand selection around what is to change.");
        }
        return of(image, List.of(roi), "The selection of '" + image.getTitle() + "'");
    }

    /**
     * What the ROI Manager lists: the ROIs that are selected in it, or all where none is, as {@link #ofRois} takes them.
     *
     * @throws IllegalArgumentException if it is empty or closed, and as there
     */
    public static SelectedArea ofRoiManager(ImagePlus image, StackPosition position) {
        return ofRois(image, position, ListedRois.current());
    }

    /** Whether the ROI Manager lists something for a plane. */
    public static boolean isInRoiManager(ImagePlus image, StackPosition position) {
        return ListedRois.current().stream().anyMatch(roi -> position.holds(roi, image));
    }

    /**
     * The pixels of one or more ROIs, as far as these belong to a plane of the image or to no plane.
     *
     * @param rois for instance those of the ROI Manager, or of a file
     * @throws IllegalArgumentException if there is none of these, or one has no area, or none lies within the image
     */
    public static SelectedArea ofRois(ImagePlus image, StackPosition position, List<Roi> rois) {
        if (rois.isEmpty()) {
            throw new IllegalArgumentException(
                    "The ROI Manager is empty; add selections to it, or select in the image itself.");
        }
        List<Roi> here = rois.stream().filter(roi -> position.holds(roi, image)).toList();
        if (here.isEmpty()) {
            throw new IllegalArgumentException("None of the " + rois.size()
                    + " selections in the ROI Manager belongs to a chosen plane of '" + image.getTitle()
                    + "'; go to their plane, or remove their position.");
        }
        return of(image, here, "What the ROI Manager selects in '" + image.getTitle() + "'");
    }

    /**
     * The pixels of a mask that are neither 0 nor NaN, such as the result of a segmentation.
     *
     * @param image the image it was made for
     * @param mask an 8-bit, 16-bit or 32-bit image of the same size, of which the current plane counts
     * @return empty if it is 0 everywhere
     * @throws IllegalArgumentException if it has another size, or is a colour image
     */
    public static Optional<SelectedArea> ofMask(ImagePlus image, ImagePlus mask) {
        String name = "The mask '" + mask.getTitle() + "'";
        if (mask.getType() == ImagePlus.COLOR_RGB) {
            throw new IllegalArgumentException(name + " is a colour image; convert it to 8-bit first.");
        }
        if (mask.getWidth() != image.getWidth() || mask.getHeight() != image.getHeight()) {
            throw new IllegalArgumentException(
                    name + " is " + mask.getWidth() + " x " + mask.getHeight() + " pixels, but '" + image.getTitle()
                            + "' is " + image.getWidth() + " x " + image.getHeight() + "; give a mask of its size.");
        }
        ImageProcessor values = mask.getStack().getProcessor(mask.getCurrentSlice());
        ByteProcessor inside = new ByteProcessor(mask.getWidth(), mask.getHeight());
        for (int i = 0; i < inside.getPixelCount(); i++) {
            if (values.getf(i) != 0 && !Float.isNaN(values.getf(i))) {
                inside.set(i, INSIDE);
            }
        }
        SelectedArea area = new SelectedArea(inside);
        return area.count() == 0 ? Optional.empty() : Optional.of(area);
    }

    private static SelectedArea of(ImagePlus image, List<Roi> rois, String name) {
        ByteProcessor inside = new ByteProcessor(image.getWidth(), image.getHeight());
        inside.setValue(INSIDE);
        for (Roi roi : rois) {
            if (!roi.isArea()) {
                throw new IllegalArgumentException(
                        name + " is a "
                                + roi.getTypeAsString().toLowerCase()
                                + ", which has no area; draw a rectangle, oval, polygon or freehand selection, or select none.");
            }
            inside.fill(roi);
        }
        SelectedArea area = new SelectedArea(inside);
        if (area.count() == 0) {
            throw new IllegalArgumentException(
                    name + " contains no pixel of the image; draw it inside the image, or select none.");
        }
        return area;
    }

    /** The width of the image, pixels. */
    public int width() {
        return mask.getWidth();
    }

    /** The height of the image, pixels. */
    public int height() {
        return mask.getHeight();
    }

    /** Whether a pixel is selected; false outside of the image. */
    public boolean contains(int x, int y) {
        return mask.getPixel(x, y) != 0;
    }

    /** The number of selected pixels, at least 1. */
    public int count() {
        int count = 0;
        for (int i = 0; i < mask.getPixelCount(); i++) {
            count += mask.get(i) == 0 ? 0 : 1;
        }
        return count;
    }

    /** Whether every pixel is selected. */
    public boolean isWhole() {
        return count() == mask.getPixelCount();
    }

    /** A copy, 255 inside and 0 outside. */
    ByteProcessor toProcessor() {
        return (ByteProcessor) mask.duplicate();
    }

    /**
     * A part that touches no other one.
     *
     * @param bounds the smallest rectangle around it
     * @param size the number of its pixels
     * @param mask 255 in the part and 0 elsewhere, of the size of {@code bounds}
     */
    record Part(Rectangle bounds, int size, ByteProcessor mask) {}

    /**
     * The parts of the area, from top to bottom; pixels that touch at a corner are in one.
     *
     * @throws IllegalArgumentException if there are more than ImageJ can number
     */
    List<Part> parts() {
        ShortProcessor labels = mask.convertToShortProcessor(false);
        labels.multiply((double) (MOST_PARTS + 1) / INSIDE);
        FloodFiller filler = new FloodFiller(labels);
        List<Rectangle> bounds = new ArrayList<>();
        for (int y = 0; y < height(); y++) {
            for (int x = 0; x < width(); x++) {
                int label = labels.get(x, y);
                if (label > MOST_PARTS) {
                    if (bounds.size() == MOST_PARTS) {
                        throw new IllegalArgumentException(
                                "The selection has more than " + MOST_PARTS + " separate parts; smooth it first.");
                    }
                    bounds.add(new Rectangle(x, y, 0, 0));
                    label = bounds.size();
                    labels.setValue(label);
                    filler.fill8(x, y);
                }
                if (label > 0) {
                    bounds.get(label - 1).add(new Rectangle(x, y, 1, 1));
                }
            }
        }
        List<Part> parts = new ArrayList<>();
        for (int label = 1; label <= bounds.size(); label++) {
            parts.add(part(labels, label, bounds.get(label - 1)));
        }
        return parts;
    }

    private static Part part(ImageProcessor labels, int label, Rectangle bounds) {
        ByteProcessor part = new ByteProcessor(bounds.width, bounds.height);
        int size = 0;
        for (int y = 0; y < bounds.height; y++) {
            for (int x = 0; x < bounds.width; x++) {
                if (labels.get(bounds.x + x, bounds.y + y) == label) {
                    part.set(x, y, INSIDE);
                    size++;
                }
            }
        }
        return new Part(bounds, size, part);
    }
}
