package palindrome.image;

import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The images from one image to another, of one or several planes each, as one hyperstack: the way between them runs along
 * the axis that the planes leave free. That is the slices of a single plane, else the frames, else the slices. What was
 * drawn over an image is drawn over it at its end.
 *
 * @param first the planes at the first place
 * @param second those at the last, as many channels, slices and frames
 * @param count places, both ends included, at least 2
 */
public record InterpolatedPlanes(PlaneLayout first, PlaneLayout second, int count) implements PlaneLayout {

    /** @throws IllegalArgumentException if the planes do not go together, or leave no axis free */
    public InterpolatedPlanes {
        if (!sizes(first).equals(sizes(second))) {
            throw new IllegalArgumentException("The first image's " + sizes(first) + " and the second one's "
                    + sizes(second) + " do not go together; give as many of both.");
        }
        if (first.choice().slices().size() > 1 && first.choice().frames().size() > 1) {
            throw new IllegalArgumentException("There are " + sizes(first)
                    + ", which leave no axis for the way from one image to the other; take the slices of one frame"
                    + " (planes=slices) or the frames of one slice (planes=frames).");
        }
    }

    private static String sizes(PlaneLayout layout) {
        PlaneChoice choice = layout.choice();
        return choice.channels().size() + " channels, " + choice.slices().size() + " slices and "
                + choice.frames().size() + " frames";
    }

    @Override
    public PlaneChoice choice() {
        List<Integer> places = upTo(count);
        List<Integer> channels = upTo(first.choice().channels().size());
        return runsAlongSlices()
                ? new PlaneChoice(channels, places, upTo(first.choice().frames().size()))
                : new PlaneChoice(channels, upTo(first.choice().slices().size()), places);
    }

    private boolean runsAlongSlices() {
        return first.choice().size() == 1 || first.choice().frames().size() > 1;
    }

    private static List<Integer> upTo(int number) {
        return IntStream.rangeClosed(1, number).boxed().toList();
    }

    @Override
    public int compositeMode() {
        return first.compositeMode();
    }

    /**
     * Puts the ways of all planes together.
     *
     * @param ways of each plane of an end, in their order, an image of one plane for each place
     * @return a stack or hyperstack. It is not shown.
     */
    public ImagePlus joinWays(String title, List<List<ImagePlus>> ways) {
        // NB: places follow each other right after the planes of the axes before theirs.
        int before = runsAlongSlices() ? first.choice().channels().size() : ways.size();
        List<ImagePlus> planes = new ArrayList<>();
        for (int start = 0; start < ways.size(); start += before) {
            for (int place = 0; place < count; place++) {
                for (List<ImagePlus> way : ways.subList(start, start + before)) {
                    planes.add(way.get(place));
                }
            }
        }
        return join(title, planes);
    }

    @Override
    public Overlay overlay() {
        Overlay ofFirst = first.overlay();
        Overlay ofSecond = second.overlay();
        if (ofFirst == null && ofSecond == null) {
            return null;
        }
        Overlay both = (ofFirst == null ? ofSecond : ofFirst).create();
        addAt(1, ofFirst, first.choice(), both);
        addAt(count, ofSecond, second.choice(), both);
        return both;
    }

    private void addAt(int place, Overlay ofEnd, PlaneChoice choice, Overlay both) {
        if (ofEnd == null) {
            return;
        }
        for (Roi roi : ofEnd) {
            if (choice.size() == 1) {
                // NB: parts of a plain stack have a place in the stack, not a slice of a hyperstack.
                roi.setPosition(place);
            } else {
                StackPosition there = placeOf(roi, choice);
                roi.setPosition(
                        there.channel(),
                        runsAlongSlices() ? place : there.slice(),
                        runsAlongSlices() ? there.frame() : place);
            }
            both.add(roi);
        }
    }

    private static StackPosition placeOf(Roi roi, PlaneChoice choice) {
        if (roi.hasHyperStackPosition()) {
            return new StackPosition(roi.getCPosition(), roi.getZPosition(), roi.getTPosition());
        }
        return roi.getPosition() == 0
                ? new StackPosition(0, 0, 0)
                : choice.within(choice.positions().get(roi.getPosition() - 1));
    }
}
