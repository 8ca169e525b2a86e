package palindrome.ij1;

import ij.ImagePlus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import palindrome.image.CommandRecord;
import palindrome.image.InputImage;

/**
 * Finds the images of a record among those that are open, by title and pixels, and shows each as it was recorded until
 * this is closed.
 */
final class RecordedImages implements AutoCloseable {

    private final CommandRecord record;
    private final Deque<InputImage.Restoration> restorations = new ArrayDeque<>();

    RecordedImages(final CommandRecord record) {
        this.record = record;
    }

    /** Whether the command took an image under this key. */
    boolean has(final String key) {
        return record.images().containsKey(key);
    }

    /**
     * Finds the image that the command worked on, one of the recorded title first.
     *
     * @param remedy what the user can do if it is not there, as the end of the sentence
     * @throws IllegalArgumentException one sentence, if it is not open, or has changed
     */
    ImagePlus main(final String key, final String remedy) {
        return find(key, candidate -> true, remedy);
    }

    /** As {@link #main}, for a further image, whose overlay may be what the command took of it. */
    ImagePlus further(final String key, final String remedy) {
        return find(key, record.images().get(key)::hasOverlayOf, remedy);
    }

    private ImagePlus find(final String key, final Predicate<ImagePlus> condition, final String remedy) {
        final InputImage input = record.images().get(key);
        for (final ImagePlus candidate : candidates(input.title())) {
            final OptionalInt place = input.placeIn(candidate);
            if (place.isEmpty() || !condition.test(candidate)) continue;
            restorations.push(input.restoreIn(candidate, place.getAsInt()));
            return candidate;
        }
        final boolean changed = OpenImages.find(input.title()) != null;
        throw new IllegalArgumentException("'" + input.title() + "', which was the " + key + ", "
                + (changed ? "has changed since: undo that" : "is not open: open it") + ", or " + remedy);
    }

    /** Those of the title first. */
    private static List<ImagePlus> candidates(final String title) {
        final List<ImagePlus> candidates = new ArrayList<>();
        for (final ImagePlus open : OpenImages.all())
            if (open.getTitle().equals(title)) candidates.add(0, open);
            else candidates.add(open);
        return candidates;
    }

    @Override
    public void close() {
        while (!restorations.isEmpty()) restorations.pop().close();
    }
}
