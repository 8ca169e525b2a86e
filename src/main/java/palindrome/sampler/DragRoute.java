package palindrome.sampler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Long drags in short ones: what is dragged from where to where, one drag after the other, each beginning with the image
 * that the one before left (Nie et al. 2024, section 4.3). The handles of one drag are dragged at once.
 *
 * @param drags the handles of each drag, all of the same number
 */
public record DragRoute(List<List<DragShift>> drags) {

    /** The distance of one drag in the paper's program, in places of a latent. */
    public static final double USUAL_STRIDE = 2;

    public DragRoute {
        drags = drags.stream().map(List::copyOf).toList();
        if (drags.isEmpty() || drags.stream().anyMatch(List::isEmpty))
            throw new IllegalArgumentException("There is nothing to drag; give at least one handle.");
    }

    /**
     * All handles at once, in m drags: as many as bring the longest handle nearest to a given distance a drag.
     *
     * @param handles from where to where, in places of the state
     * @param stride the distance, in places of the state, above 0
     */
    public static DragRoute together(final List<DragShift> handles, final double stride) {
        final int count = count(handles, stride);
        return new DragRoute(IntStream.range(0, count)
                .mapToObj(drag ->
                        handles.stream().map(handle -> handle.part(drag, count)).toList())
                .toList());
    }

    /** One handle after the other, each in as many drags as it takes alone; as above. */
    public static DragRoute successive(final List<DragShift> handles, final double stride) {
        final List<List<DragShift>> drags = new ArrayList<>();
        for (final DragShift handle : handles)
            drags.addAll(together(List.of(handle), stride).drags());
        return new DragRoute(drags);
    }

    /** @return m of the paper's program */
    private static int count(final List<DragShift> handles, final double stride) {
        final double longest = handles.stream()
                .map(DragShift::length)
                .max(Comparator.naturalOrder())
                .orElse(0.0);
        if (longest <= stride) return 1;
        final int fewer = (int) (longest / stride);
        return Math.abs(longest / (fewer + 1) - stride) < Math.abs(longest / fewer - stride) ? fewer + 1 : fewer;
    }
}
