package palindrome.guide;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The steps in which cross-attention follows the source, some words in others than the rest.
 *
 * @param rest of all words that have no window of their own, and of what is no word
 * @param words windows of some words of the target prompt
 */
public record WordWindows(StepWindow rest, Map<String, StepWindow> words) {

    /** No word in any step. */
    public static final WordWindows NONE = new WordWindows(StepWindow.NONE, Map.of());

    public WordWindows {
        words = new LinkedHashMap<>(words);
    }

    /** @return whether no word has a step */
    public boolean isEmpty() {
        return rest.isEmpty() && words.values().stream().allMatch(StepWindow::isEmpty);
    }
}
