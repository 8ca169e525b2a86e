package palindrome.command;

import ij.ImagePlus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.scijava.plugin.Parameter;
import palindrome.image.LatentStack;
import palindrome.image.PixelPlane;
import palindrome.image.PlaneChoice;
import palindrome.image.StackPlanes;
import palindrome.image.StackPosition;

/** What the commands share that take an image plane by plane: which planes of a hyperstack, and which noise in each. */
public abstract class StackCommand extends ModelCommand {

    private static final String FRESH = "fresh";

    @Parameter(label = "Image", persist = false, description = "The image to work on; of a stack, the chosen planes.")
    private ImagePlus image;

    @Parameter(
            label = "Planes",
            persist = false,
            style = CommandParameter.OF_STACKS,
            choices = {PlaneChoice.CURRENT, "slices", "frames", "all"},
            description =
                    "Of a stack: the current plane, all slices (of the current frame), all frames (of the current slice), or all of both.")
    private String planes = PlaneChoice.CURRENT;

    @Parameter(
            label = "Channels",
            persist = false,
            style = CommandParameter.OF_STACKS,
            description = "Of a stack: the current channel, 'all', or numbers such as '1,3'.")
    private String channels = PlaneChoice.CURRENT;

    @Parameter(
            label = "Noise of planes",
            persist = false,
            style = CommandParameter.OF_STACKS,
            choices = {"same", FRESH},
            description = "Of several planes: the seed's noise in all of them, or in each one its own,"
                    + " where the second plane's seed is one more than the first's.")
    private String planenoise = "same";

    /** The image to work on. */
    protected final ImagePlus image() {
        return image;
    }

    /** @throws IllegalArgumentException if the planes asked for are not in the image, or it is a latent */
    protected final PlaneChoice choice() {
        LatentStack.requirePicture(image);
        return PlaneChoice.of(image, planes, channels);
    }

    /** Whether nothing but the plane that is shown is asked for. */
    protected final boolean choosesCurrentPlane() {
        return planes.equals(PlaneChoice.CURRENT) && channels.trim().equals(PlaneChoice.CURRENT);
    }

    /**
     * The chosen planes, each as an image of its own.
     *
     * @throws IllegalArgumentException if one has pixels that no model can read: before the work, not amidst it
     */
    protected static List<ImagePlus> planes(final StackPlanes stack, final PlaneChoice choice) {
        final List<ImagePlus> planes = new ArrayList<>();
        for (final StackPosition position : choice.positions()) planes.add(stack.single(position));
        planes.forEach(PixelPlane::of);
        return planes;
    }

    /**
     * A plane of a further image: one of as many planes as the image to work on has one for each; of any other, the
     * plane that is shown is for all.
     *
     * @param further null for none
     * @return null for none
     */
    protected final ImagePlus planeOf(final ImagePlus further, final StackPosition position) {
        return further != null
                        && further.getStackSize() > 1
                        && Arrays.equals(further.getDimensions(), image.getDimensions())
                ? StackPlanes.plane(further, position)
                : further;
    }

    /** What is added to seeds in a plane, counted from 0: its number where each plane has noise of its own, else 0. */
    protected final int noiseNumber(final int plane) {
        return planenoise.equals(FRESH) ? plane : 0;
    }
}
