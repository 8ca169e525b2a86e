package palindrome.ij1;

import ij.ImagePlus;
import ij.WindowManager;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import palindrome.image.ResultTitle;

/** The images open in ImageJ, in windows or in a macro's batch mode. */
final class OpenImages {

    private static final int LONGEST_SHOWN = 41;
    private static final String GAP = "...";

    private OpenImages() {}

    /**
     * Finds an image by its title or, if no title matches, by its ID.
     *
     * @return null if there is none
     */
    static ImagePlus find(final String titleOrId) {
        final ImagePlus byTitle = WindowManager.getImage(titleOrId);
        if (byTitle != null || !titleOrId.matches("-\\d{1,9}")) return byTitle;
        return WindowManager.getImage(Integer.parseInt(titleOrId));
    }

    /** All open images in the order of opening. */
    static List<ImagePlus> all() {
        final int[] ids = WindowManager.getIDList();
        if (ids == null) return Collections.emptyList();
        return Arrays.stream(ids)
                .mapToObj(WindowManager::getImage)
                .filter(Objects::nonNull)
                .collect(Collectors.toList());
    }

    /** The titles of all open images in the order of opening. */
    static List<String> titles() {
        return all().stream().map(ImagePlus::getTitle).collect(Collectors.toList());
    }

    /** A title for dialogs, which grow with their longest words beyond the screen: long ones lack their middle. */
    static String shortened(final String title) {
        final int half = (LONGEST_SHOWN - GAP.length()) / 2;
        return title.length() <= LONGEST_SHOWN
                ? title
                : title.substring(0, half) + GAP + title.substring(title.length() - half);
    }

    /**
     * Shows a result on the calling thread, which makes it the current image of
     * the macro there. A title already in use gets a number.
     */
    static void show(final ImagePlus imp) {
        imp.setTitle(ResultTitle.unique(imp.getTitle()));
        imp.show();
    }
}
