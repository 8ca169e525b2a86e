package palindrome.guide;

import java.util.List;

/**
 * Words whose places an edit is limited to (local blend of Prompt-to-Prompt).
 *
 * @param words of the source prompt, the target prompt, or both, whose places may change
 * @param without words whose places may not change, even so
 * @param threshold share of the largest attention above which a place belongs to the words, from 0 to below 1
 * @param withoutThreshold the same for the words whose places may not change
 */
public record BlendWords(List<String> words, List<String> without, double threshold, double withoutThreshold) {

    /** Usual share of the largest attention. */
    public static final double USUAL_THRESHOLD = 0.3;

    /** No words: the edit may change every place. */
    public static final BlendWords NONE = new BlendWords(List.of(), List.of());

    /** As above, with the usual thresholds. */
    public BlendWords(final List<String> words, final List<String> without) {
        this(words, without, USUAL_THRESHOLD, USUAL_THRESHOLD);
    }

    public BlendWords {
        words = List.copyOf(words);
        without = List.copyOf(without);
        requireShare(threshold);
        requireShare(withoutThreshold);
        if (words.isEmpty() && !without.isEmpty())
            throw new IllegalArgumentException("Local blend leaves out " + String.join(", ", without)
                    + ", but has no word whose places may change; name at least one.");
    }

    /** @return whether the edit may change every place */
    public boolean isEmpty() {
        return words.isEmpty();
    }

    private static void requireShare(final double threshold) {
        if (!(threshold >= 0 && threshold < 1))
            throw new IllegalArgumentException(
                    "A threshold of local blend is " + threshold + "; use a number from 0 to below 1, such as 0.3.");
    }
}
