package palindrome.image;

import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.PointRoi;
import ij.gui.Roi;
import ij.process.FloatPolygon;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Handles as ImageJ's tools draw them: straight lines and arrows lead from their beginning to their end, points are taken
 * in pairs. They are looked for in the selection, then in the overlay, then in the ROI Manager (of which, if some are
 * selected, those); the first of these that has any is the one that counts. A selection that was added to one of the
 * others is one of those there. What belongs to another plane than the
 * current one is passed over, and so are areas and other lines.
 */
public final class HandleSelection {

    private HandleSelection() {}

    /**
     * The handles drawn for an image.
     *
     * @return empty if there is none
     * @throws IllegalArgumentException if a point is left without another
     */
    public static Optional<DragHandles> of(ImagePlus image) {
        for (List<Roi> place : places(image)) {
            List<DragHandle> handles = new ArrayList<>();
            for (Roi roi : place) {
                if (isOnCurrentPlane(roi, image)) {
                    handles.addAll(handles(roi, image));
                }
            }
            if (!handles.isEmpty()) {
                return Optional.of(new DragHandles(handles));
            }
        }
        return Optional.empty();
    }

    /** NB: who adds one arrow after the other to a list has the last one still selected, and means all. */
    private static List<List<Roi>> places(ImagePlus image) {
        List<Roi> selection = selection(image);
        List<List<Roi>> places = new ArrayList<>(List.of(selection, overlay(image), ListedRois.current()));
        places.sort(Comparator.comparing(place -> place == selection || Collections.disjoint(place, selection)));
        return places;
    }

    private static List<Roi> selection(ImagePlus image) {
        return image.getRoi() == null ? List.of() : List.of(image.getRoi());
    }

    private static List<Roi> overlay(ImagePlus image) {
        return image.getOverlay() == null
                ? List.of()
                : Arrays.asList(image.getOverlay().toArray());
    }

    private static List<DragHandle> handles(Roi roi, ImagePlus image) {
        // NB: an arrow is a kind of line, and a rotated rectangle is none.
        if (roi instanceof Line line) {
            return List.of(new DragHandle(line.x1d, line.y1d, line.x2d, line.y2d));
        }
        return roi instanceof PointRoi points ? pairs(points, image) : List.of();
    }

    private static List<DragHandle> pairs(PointRoi points, ImagePlus image) {
        FloatPolygon all = points.getFloatPolygon();
        List<double[]> here = new ArrayList<>();
        for (int i = 0; i < all.npoints; i++) {
            int plane = points.getPointPosition(i);
            if (plane == 0 || plane == image.getCurrentSlice()) {
                here.add(new double[] {all.xpoints[i], all.ypoints[i]});
            }
        }
        if (here.size() % 2 != 0) {
            throw new IllegalArgumentException(here.size() + (here.size() == 1 ? " point is" : " points are")
                    + " selected, but points are taken in pairs, from where to where; add or remove one.");
        }
        List<DragHandle> handles = new ArrayList<>();
        for (int i = 0; i < here.size(); i += 2) {
            double[] from = here.get(i);
            double[] to = here.get(i + 1);
            handles.add(new DragHandle(from[0], from[1], to[0], to[1]));
        }
        return handles;
    }

    private static boolean isOnCurrentPlane(Roi roi, ImagePlus image) {
        // NB: a point selection's own position is that of the point drawn last; each point has one.
        return roi instanceof PointRoi || StackPosition.currentOf(image).holds(roi, image);
    }
}
