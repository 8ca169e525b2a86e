package palindrome.image;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.ImageProcessor;
import ij.process.LUT;
import java.util.List;

/**
 * Chosen planes of an image, to be worked on one by one as if each were an image of its own, and put together again to
 * an image like the source: dimensions, channel colours, display ranges, slice labels, calibration and overlay.
 */
public final class StackPlanes {

    private final ImagePlus source;
    private final PlaneChoice choice;

    /** @param choice among the planes of the source */
    public StackPlanes(ImagePlus source, PlaneChoice choice) {
        this.source = source;
        this.choice = choice;
    }

    /**
     * One plane as an image of its own, with a copy of the pixels, and with the selection and those parts of the overlay
     * that belong to it. It is not shown.
     */
    public ImagePlus single(StackPosition position) {
        int index = position.indexIn(source);
        ImageStack stack = source.getStack();
        ImageProcessor processor = stack.getProcessor(index).duplicate();
        LUT lut = source instanceof CompositeImage composite ? composite.getChannelLut(position.channel()) : null;
        if (lut != null) {
            processor.setColorModel(lut.getColorModel());
            processor.setMinAndMax(lut.min, lut.max);
        } else if (source.getType() != ImagePlus.COLOR_RGB) {
            processor.setColorModel(source.getProcessor().getColorModel());
            processor.setMinAndMax(source.getDisplayRangeMin(), source.getDisplayRangeMax());
        }
        ImageStack plane = new ImageStack(source.getWidth(), source.getHeight());
        plane.addSlice(stack.getSliceLabel(index), processor);
        ImagePlus single = PlaneSeries.image(source.getTitle(), plane, processor);
        if (source.getType() == ImagePlus.COLOR_256) {
            single.setTypeToColor256();
        }
        single.setCalibration(source.getCalibration().copy());
        copyProperties(single);
        if (source.getRoi() != null && position.holds(source.getRoi(), source)) {
            single.setRoi(anywhere(source.getRoi()));
        }
        single.setOverlay(overlayOf(position));
        return single;
    }

    private void copyProperties(ImagePlus single) {
        String info = source.getInfoProperty();
        if (info != null) {
            single.setProperty("Info", info);
        }
        String[] properties = source.getPropertiesAsArray();
        if (properties != null) {
            single.setProperties(properties);
        }
    }

    /** A selection of one plane keeps its place in the plane, and forgets which plane that was. */
    private static Roi anywhere(Roi roi) {
        Roi copy = (Roi) roi.clone();
        copy.setPosition(0);
        return copy;
    }

    private Overlay overlayOf(StackPosition position) {
        if (source.getOverlay() == null) {
            return null;
        }
        Overlay parts = source.getOverlay().create();
        for (Roi roi : source.getOverlay()) {
            if (position.holds(roi, source)) {
                parts.add(anywhere(roi));
            }
        }
        return parts.size() == 0 ? null : parts;
    }

    /**
     * Whether the selection of the source, if there is one, belongs to a plane. Selections may belong to one plane, and
     * others have nothing selected then, not all.
     */
    public boolean isSelected(StackPosition position) {
        return source.getRoi() == null || position.holds(source.getRoi(), source);
    }

    /**
     * Requires that the selection of the source, if there is one, belongs to a chosen plane.
     *
     * @throws IllegalArgumentException if it belongs to another one
     */
    public void requireSelection() {
        if (choice.positions().stream().noneMatch(this::isSelected)) {
            throw new IllegalArgumentException("The selection of \"" + source.getTitle() + "\" belongs to "
                    + placeOf(source.getRoi()) + ", which is not among the chosen planes; go there, or select again");
        }
    }

    private String placeOf(Roi roi) {
        return roi.hasHyperStackPosition()
                ? new StackPosition(roi.getCPosition(), roi.getZPosition(), roi.getTPosition()).in(source)
                : StackPosition.of(source, roi.getPosition()).in(source);
    }

    /**
     * Puts planes together.
     *
     * @param planes one image of one plane for each of the chosen positions, in their order, all of one type and of the
     *     size of the source
     * @return the only plane itself, if it is only one; otherwise a hyperstack like the source. It is not shown.
     */
    public ImagePlus join(String title, List<ImagePlus> planes) {
        if (planes.size() != choice.size()) {
            throw new IllegalArgumentException(planes.size() + " planes are not the " + choice.size() + " chosen ones");
        }
        ImagePlus joined = planes.size() == 1 ? planes.get(0) : hyperstack(title, planes);
        joined.setTitle(title);
        joined.setOverlay(overlay());
        return joined;
    }

    private ImagePlus hyperstack(String title, List<ImagePlus> planes) {
        ImagePlus first = planes.get(0);
        ImageStack stack = new ImageStack(first.getWidth(), first.getHeight());
        for (ImagePlus plane : planes) {
            stack.addSlice(plane.getStack().getSliceLabel(1), plane.getProcessor());
        }
        ImagePlus image = PlaneSeries.image(title, stack, first.getProcessor());
        if (first.getType() == ImagePlus.COLOR_256) {
            image.setTypeToColor256();
        }
        int channels = choice.channels().size();
        image.setDimensions(channels, choice.slices().size(), choice.frames().size());
        image.setOpenAsHyperStack(source.isHyperStack() || channels > 1);
        image.setCalibration(source.getCalibration().copy());
        if (first.getInfoProperty() != null) {
            image.setProperty("Info", first.getInfoProperty());
        }
        return source instanceof CompositeImage composite && channels > 1 ? inColours(image, composite) : image;
    }

    private ImagePlus inColours(ImagePlus image, CompositeImage like) {
        CompositeImage composite = new CompositeImage(image, like.getMode());
        for (int i = 0; i < choice.channels().size(); i++) {
            composite.setChannelLut(like.getChannelLut(choice.channels().get(i)), i + 1);
        }
        return composite;
    }

    /** The parts of the overlay that belong to chosen planes, moved to where these planes are in the result. */
    private Overlay overlay() {
        if (source.getOverlay() == null) {
            return null;
        }
        Overlay parts = source.getOverlay().create();
        for (Roi roi : source.getOverlay()) {
            StackPosition place = roi.hasHyperStackPosition()
                    ? new StackPosition(roi.getCPosition(), roi.getZPosition(), roi.getTPosition())
                    : roi.getPosition() == 0 ? new StackPosition(0, 0, 0) : StackPosition.of(source, roi.getPosition());
            if (choice.contains(place)) {
                parts.add(moved(roi, choice.within(place)));
            }
        }
        return parts.size() == 0 ? null : parts;
    }

    private Roi moved(Roi roi, StackPosition to) {
        Roi copy = (Roi) roi.clone();
        if (choice.size() == 1) {
            copy.setPosition(0);
        } else if (copy.hasHyperStackPosition()) {
            copy.setPosition(to.channel(), to.slice(), to.frame());
        } else if (copy.getPosition() != 0) {
            copy.setPosition(((to.frame() - 1) * choice.slices().size() + to.slice() - 1)
                            * choice.channels().size()
                    + to.channel());
        }
        return copy;
    }
}
