package palindrome.image;

import ij.ImagePlus;
import ij.Undo;
import ij.process.ImageProcessor;

/** Puts a result into the plane an image shows, so that Edit>Undo brings the old pixels back. */
public final class InPlace {

    private InPlace() {}

    /**
     * Requires that one plane is to be changed, the one that is shown: ImageJ can take back no more.
     *
     * @throws IllegalArgumentException otherwise, or if the pixels of the image are not in memory
     */
    public static void require(ImagePlus image, PlaneChoice choice) {
        if (choice.size() > 1) {
            throw new IllegalArgumentException(
                    "A result can take the place of one plane only, which Edit>Undo can bring" + " back, and "
                            + choice.size() + " planes are chosen; choose the current one, or make a new image.");
        }
        if (!choice.positions().get(0).equals(StackPosition.currentOf(image))) {
            throw new IllegalArgumentException("A result can take the place of the plane that is shown only; go to "
                    + choice.positions().get(0).in(image) + ", or make a new image.");
        }
        if (image.getStack().isVirtual()) {
            throw new IllegalArgumentException("'" + image.getTitle()
                    + "' is a virtual stack, whose planes cannot be changed; duplicate it first, or make a new image.");
        }
    }

    /**
     * Replaces the pixels of the plane that is shown.
     *
     * @param result an image of one plane of the same type and size
     */
    public static void replace(ImagePlus image, ImagePlus result) {
        ImageProcessor shown = image.getProcessor();
        shown.snapshot();
        shown.insert(result.getProcessor(), 0, 0);
        Undo.setup(Undo.FILTER, image);
        image.changes = true;
        image.updateAndDraw();
    }
}
