package palindrome.guide;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the attention of an edit follows that of its source (Prompt-to-Prompt, Hertz et al. 2022).
 *
 * @param mapping which words take their attention from which
 * @param cross steps in which the places' attention to words is the source's
 * @param self steps in which the places' attention to each other is the source's, at all levels but the finest
 * @param weights factors of the attention to words of the target prompt; in the steps of {@code cross}, or in all steps if
 *          those are none
 * @param blend words whose places the edit is limited to
 */
public record AttentionSettings(
        WordMapping mapping, WordWindows cross, StepWindow self, Map<String, Double> weights, BlendWords blend) {

    /** The edit attends freely. */
    public static final AttentionSettings NONE =
            new AttentionSettings(WordMapping.AUTO, WordWindows.NONE, StepWindow.NONE, Map.of(), BlendWords.NONE);

    public AttentionSettings {
        weights = new LinkedHashMap<>(weights);
    }
}
