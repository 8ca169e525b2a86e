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
public final class StackPlanes implements PlaneLayout {

    private final ImagePlus source;
    private final PlaneChoice choice;

    /** @param choice among the planes of the source */
    public StackPlanes(ImagePlus source, PlaneChoice choice) {
        this.source = source;
        this.choice = choice;
    }

    /**
     * A plane of an image, as {@link #single} gives it.
     *
     * @throws IllegalArgumentException if the image has no such plane
     */
    public static ImagePlus plane(ImagePlus image, StackPosition position) {
        PlaneChoice one =
                new PlaneChoice(List.of(position.channel()), List.of(position.slice()), List.of(position.frame()));
        return new StackPlanes(image, one).single(position);
    }

    /**
     * One plane as an image of its own, with a copy of the pixels, and with the selection and those parts of the overlay
     * that belong to it. It is not shown.
     *
     * @throws IllegalArgumentException if the image has no such plane
     */
    public ImagePlus single(StackPosition position) {
        if (position.channel() > source.getNChannels()
                || position.slice() > source.getNSlices()
                || position.frame() > source.getNFrames()) {
            throw new IllegalArgumentException("'" + source.getTitle() + "' has no plane " + position.name()
                    + "; it has "
                    + source.getNChannels() + " channels, " + source.getNSlices() + " slices and " + source.getNFrames()
                    + " frames.");
        }
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
        plane.addSlice(SliceLabel.of(source, index), processor);
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
            throw new IllegalArgumentException("The selection of '" + source.getTitle() + "' belongs to "
                    + placeOf(source.getRoi()) + ", which is not among the chosen planes; go there, or select again.");
        }
    }

    private String placeOf(Roi roi) {
        return roi.hasHyperStackPosition()
                ? new StackPosition(roi.getCPosition(), roi.getZPosition(), roi.getTPosition()).in(source)
                : StackPosition.of(source, roi.getPosition()).in(source);
    }

    @Override
    public PlaneChoice choice() {
        return choice;
    }

    @Override
    public int compositeMode() {
        return source instanceof CompositeImage composite ? composite.getMode() : 0;
    }

    /** The parts of the overlay that belong to chosen planes, moved to where these planes are in what is joined. */
    @Override
    public Overlay overlay() {
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
