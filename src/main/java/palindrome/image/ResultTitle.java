package palindrome.image;

import ij.ImagePlus;
import ij.WindowManager;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Titles of results, predictable enough for a macro to select them: {@code cells.tif} gives {@code cells-edited}. */
public enum ResultTitle {
    /** An inverted image. */
    LATENT("latent"),
    /** An image from its latent. */
    RECONSTRUCTED("reconstructed"),
    /** An edited image. */
    EDITED("edited"),
    /** By how much an operation changed an image. */
    DIFFERENCE("difference"),
    /** Where an operation changed an image. */
    ALTERED("altered"),
    /** An image of which what was selected is repainted. */
    INPAINTED("inpainted"),
    /** An image in which something was dragged elsewhere. */
    DRAGGED("dragged"),
    /** What single drags made of an image, one after the other. */
    DRAGS("drags"),
    /** Variations of an image. */
    VARIED("varied"),
    /** Where an image would change, and how much. */
    HEAT_MAP("heatmap"),
    /** Where an image would change. */
    MASK("mask");

    private static final Pattern FILE_ENDING =
            Pattern.compile("(.+)\\.(tiff?|png|jpe?g|gif|bmp|zip|dcm|fits?|nd2|czi|lif|lsm)", Pattern.CASE_INSENSITIVE);

    private final String suffix;

    ResultTitle(String suffix) {
        this.suffix = suffix;
    }

    /** The title of a result of an image, with -1, -2, ... added if an open image has it already. */
    public String of(String sourceTitle) {
        return unique(withoutEnding(sourceTitle) + "-" + suffix);
    }

    /** A title without the ending of an image file: {@code cells.tif} gives {@code cells}. */
    public static String withoutEnding(String title) {
        Matcher file = FILE_ENDING.matcher(title);
        return file.matches() ? file.group(1) : title;
    }

    /** A title, with -1, -2, ... added if an open image has it already. Works with and without windows. */
    public static String unique(String title) {
        Set<String> open = Arrays.stream(idsOfOpenImages())
                .mapToObj(WindowManager::getImage)
                .filter(image -> image != null)
                .map(ImagePlus::getTitle)
                .collect(Collectors.toSet());
        String candidate = title;
        for (int i = 1; open.contains(candidate); i++) {
            candidate = title + "-" + i;
        }
        return candidate;
    }

    private static int[] idsOfOpenImages() {
        int[] ids = WindowManager.getIDList();
        return ids == null ? new int[0] : ids;
    }
}
