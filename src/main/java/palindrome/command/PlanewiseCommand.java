package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.scijava.ItemIO;
import org.scijava.plugin.Parameter;
import palindrome.edit.Progress;
import palindrome.image.AlteredPixels;
import palindrome.image.InPlace;
import palindrome.image.PlaneChoice;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.StackPlanes;
import palindrome.image.StackPosition;

/**
 * What the commands share that change an image plane by plane: what becomes of the result, a new image or new pixels in
 * the old one, and a map of what was changed. The results of several planes make a hyperstack like the source.
 */
public abstract class PlanewiseCommand extends StackCommand {

    @Parameter(
            label = "Altered pixels",
            persist = false,
            description = "Also makes an image of the differences and a mask of the pixels that are not as before.")
    private boolean altered = false;

    @Parameter(
            label = "In place",
            persist = false,
            description = "The result takes the place of the current plane instead of making a new image;"
                    + " Edit>Undo brings the old pixels back.")
    private boolean inplace = false;

    @Parameter(type = ItemIO.OUTPUT, label = "Differences")
    private ImagePlus differences;

    @Parameter(type = ItemIO.OUTPUT, label = "Altered pixels")
    private ImagePlus mask;

    @Parameter(type = ItemIO.OUTPUT, label = "On the way")
    private ImagePlus way;

    @Parameter(type = ItemIO.OUTPUT, label = "Result")
    private ImagePlus result;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    private final Set<String> said = new LinkedHashSet<>();

    /**
     * Works on one plane.
     *
     * @param plane an image of one plane, with the selection if it belongs to it; to be left as it is
     * @param position where in the image the plane stands
     * @param number to be added to seeds: counts the planes from 0 where each has noise of its own, else 0
     * @param host where to report progress
     * @return an image of one plane of the same type and size, with its record; or the plane itself if nothing is to be done
     */
    protected abstract ImagePlus process(ImagePlus plane, StackPosition position, int number, Progress host)
            throws IOException;

    /** How many results a plane has, as slices of one image; of several planes and in place there is room for one each. */
    protected int resultsPerPlane() {
        return 1;
    }

    /** What the results are called after the image. */
    protected abstract ResultTitle title();

    /**
     * Looks at the image before any work, to refuse what cannot be done.
     *
     * @param source the image, at the plane that is shown
     * @throws IllegalArgumentException in one sentence
     */
    protected void prepare(final ImagePlus source) {
        // most commands take every image
    }

    /** Gives out an image of how the results came about; it is shown before them. */
    protected final void showWay(final ImagePlus images) {
        way = images;
    }

    /** Says something about the results; what is said of several planes is said once. */
    protected final void say(final List<String> sentences) {
        said.addAll(sentences);
    }

    @Override
    protected final void execute(final Progress host) throws IOException {
        final ImagePlus image = image();
        final PlaneChoice choice = choice();
        final StackPlanes stack = new StackPlanes(image, choice);
        stack.requireSelection();
        if (inplace) InPlace.require(image, choice);
        requireRoom(choice);
        prepare(image);
        final List<ImagePlus> before = planes(stack, choice);
        final List<ImagePlus> after = after(before, choice, stack, host);
        if (altered) compare(before, after, stack);
        notes = String.join("\n", said);
        finish(record(before, after, choice), after, stack);
    }

    private void requireRoom(final PlaneChoice choice) {
        if (resultsPerPlane() > 1 && (choice.size() > 1 || inplace || altered))
            throw new IllegalArgumentException("'count' is " + resultsPerPlane()
                    + ", but several planes, results in place and maps of altered pixels have room for one result a plane:"
                    + " use count=1.");
    }

    private List<ImagePlus> after(
            final List<ImagePlus> before, final PlaneChoice choice, final StackPlanes stack, final Progress host)
            throws IOException {
        final PlanesProgress progress = new PlanesProgress(host, before.size());
        final List<ImagePlus> after = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            progress.begin(i);
            progress.checkCanceled();
            after.add(
                    stack.isSelected(choice.positions().get(i))
                            ? process(before.get(i), choice.positions().get(i), noiseNumber(i), progress)
                            : before.get(i));
        }
        return after;
    }

    private void compare(final List<ImagePlus> before, final List<ImagePlus> after, final StackPlanes stack) {
        final List<ImagePlus> changes = new ArrayList<>();
        final List<ImagePlus> masks = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            final AlteredPixels pixels = new AlteredPixels(before.get(i), after.get(i));
            changes.add(pixels.difference());
            masks.add(pixels.mask());
        }
        differences = stack.join(ResultTitle.DIFFERENCE.of(image().getTitle()), changes);
        mask = stack.join(ResultTitle.ALTERED.of(image().getTitle()), masks);
    }

    /** Of the planes that were worked on; where there are none, that of the image, such as that it is synthetic. */
    private Optional<Provenance> record(
            final List<ImagePlus> before, final List<ImagePlus> after, final PlaneChoice choice) throws IOException {
        final List<Optional<Provenance>> records = new ArrayList<>();
        for (int i = 0; i < after.size(); i++)
            records.add(after.get(i) == before.get(i) ? Optional.empty() : Provenance.readFrom(after.get(i)));
        final Optional<Provenance> made = PlaneRecords.join(records, choice.positions());
        return made.isPresent() ? made : Provenance.readFrom(image());
    }

    private void finish(final Optional<Provenance> record, final List<ImagePlus> after, final StackPlanes stack) {
        if (inplace) {
            InPlace.replace(image(), after.get(0));
            if (record.isPresent()) record.get().attachTo(image());
            return;
        }
        result = stack.join(title().of(image().getTitle()), after);
        if (record.isPresent()) record.get().attachTo(result);
    }
}
