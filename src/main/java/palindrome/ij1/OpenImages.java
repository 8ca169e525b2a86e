package palindrome.ij1;

import ij.ImagePlus;
import ij.WindowManager;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The images open in ImageJ, in windows or in a macro's batch mode. */
final class OpenImages {

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

    /** The titles of all open images in the order of opening. */
    static List<String> titles() {
        final int[] ids = WindowManager.getIDList();
        if (ids == null) return Collections.emptyList();
        return Arrays.stream(ids)
                .mapToObj(WindowManager::getImage)
                .filter(Objects::nonNull)
                .map(ImagePlus::getTitle)
                .collect(Collectors.toList());
    }

    /**
     * Shows a result on the calling thread, which makes it the current image of
     * the macro there. A title already in use gets {@code -1}, {@code -2}, ...,
     * counting batch-mode images too.
     */
    static void show(final ImagePlus imp) {
        final String title = imp.getTitle();
        for (int n = 1; WindowManager.getImage(imp.getTitle()) != null; n++) imp.setTitle(title + "-" + n);
        imp.show();
    }
}
