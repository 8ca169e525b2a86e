package palindrome.image;

import ij.CompositeImage;
import ij.ImagePlus;
import ij.gui.Overlay;
import java.util.List;

/** How single planes are put together: where each stands, how channels are shown, and what is drawn over them. */
public interface PlaneLayout {

    /** Which planes of a hyperstack they are. */
    PlaneChoice choice();

    /** How channels are shown together, one of {@link CompositeImage}'s modes; 0 if they are not. */
    int compositeMode();

    /** A new overlay of what is put together, with the places of its parts counted there; null if there is none. */
    Overlay overlay();

    /**
     * Puts planes together.
     *
     * @param planes one image of one plane for each of the chosen positions, in their order, all of one type and size
     * @return the only plane itself, if it is only one; otherwise a hyperstack. It is not shown.
     */
    default ImagePlus join(String title, List<ImagePlus> planes) {
        if (planes.size() != choice().size()) {
            throw new IllegalArgumentException(
                    planes.size() + " planes are not the " + choice().size() + " chosen ones.");
        }
        ImagePlus joined = PlaneSeries.hyperstack(title, planes, choice(), compositeMode());
        joined.setOverlay(overlay());
        return joined;
    }
}
