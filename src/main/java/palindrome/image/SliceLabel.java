package palindrome.image;

import ij.ImagePlus;

/** What the slices of an image are called. */
final class SliceLabel {

    private SliceLabel() {}

    /**
     * The label of a slice. The one that ImageJ makes of title and Info, where an image has one slice only and is asked
     * for its stack, is none: nobody gave it, and it tells of the image, not of the slice.
     *
     * @param slice counted through the stack from 1
     * @return null if there is none
     */
    static String of(ImagePlus image, int slice) {
        String label = image.getStack().getSliceLabel(slice);
        boolean made = label != null && image.getStackSize() == 1 && label.startsWith(image.getTitle() + "\n");
        return made ? null : label;
    }
}
