package palindrome.edit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import palindrome.guide.AttentionSettings;
import palindrome.guide.BlendWords;
import palindrome.guide.StepWindow;
import palindrome.guide.WordMapping;
import palindrome.guide.WordWindows;

/**
 * How the attention of an edit follows that of its source (Prompt-to-Prompt, Hertz et al. 2022), as users write it. Steps are
 * shares of those taken, 0 the first and noisiest: {@code 0.8} is the same as {@code 0-0.8}, and {@code 0} is none.
 *
 * @param mapping which words take attention from which: {@code replace} word for word, {@code refine} those that both prompts
 *          have, or {@code auto} to replace where both have as many
 * @param cross steps in which attention to words is the source's; words of the target may have steps of their own, as in
 *          {@code 0.8 bright:0-0.3}
 * @param self steps in which attention of places to each other is the source's
 * @param reweight factors of the attention to words of the target, such as {@code nuclei:1.6 dim:0.5}
 * @param blend words whose places alone may change; one with a minus before it may not change even so
 */
public record AttentionTuning(String mapping, String cross, String self, String reweight, String blend) {

    /** The edit attends freely. */
    public static final AttentionTuning NONE = new AttentionTuning("auto", "0", "0", "", "");

    private static final Pattern WINDOW = Pattern.compile("(\\d*\\.?\\d+)(?:-(\\d*\\.?\\d+))?");
    private static final String WINDOW_LEGAL =
            "a share of the steps from 0 to 1, such as 0.8, or two of them, such as 0.2-0.8";

    public AttentionTuning {
        mapping = mapping.strip();
        cross = cross.strip();
        self = self.strip();
        reweight = reweight.strip();
        blend = blend.strip();
    }

    /**
     * @return what the texts say
     * @throws IllegalArgumentException naming a text that is not understood
     */
    AttentionSettings settings() {
        return new AttentionSettings(wordMapping(), windows(), selfWindow(), weights(), blendWords());
    }

    private WordMapping wordMapping() {
        try {
            return WordMapping.valueOf(mapping.toUpperCase(Locale.ROOT));
        } catch (final IllegalArgumentException exc) {
            throw new IllegalArgumentException(
                    "'mapping' is '" + mapping + "', but must be one of auto, replace, refine.", exc);
        }
    }

    private WordWindows windows() {
        StepWindow rest = StepWindow.NONE;
        final Map<String, StepWindow> words = new LinkedHashMap<>();
        for (final String item : items(cross)) {
            final int colon = item.lastIndexOf(':');
            final StepWindow window = window(
                    "cross",
                    cross,
                    item.substring(colon + 1),
                    WINDOW_LEGAL + ", and for single words as in 0.8 bright:0-0.3");
            if (colon < 0) rest = window;
            else words.put(item.substring(0, colon), window);
        }
        return new WordWindows(rest, words);
    }

    private StepWindow selfWindow() {
        return self.isEmpty() ? StepWindow.NONE : window("self", self, self, WINDOW_LEGAL);
    }

    private static StepWindow window(final String key, final String text, final String item, final String legal) {
        final Matcher matcher = WINDOW.matcher(item);
        if (matcher.matches()) {
            final double first = Double.parseDouble(matcher.group(1));
            final double from = matcher.group(2) == null ? 0 : first;
            final double to = matcher.group(2) == null ? first : Double.parseDouble(matcher.group(2));
            if (from <= to && to <= 1) return new StepWindow(from, to);
        }
        throw new IllegalArgumentException("'" + key + "' is '" + text + "', but must be " + legal + ".");
    }

    private Map<String, Double> weights() {
        final Map<String, Double> weights = new LinkedHashMap<>();
        for (final String item : items(reweight)) {
            final int colon = item.lastIndexOf(':');
            final String factor = item.substring(colon + 1);
            if (colon < 1 || !factor.matches(WeightedPrompt.NUMBER))
                throw new IllegalArgumentException("'reweight' is '" + reweight
                        + "', but must be words with factors, such as nuclei:1.6 dim:0.5.");
            weights.put(item.substring(0, colon), Double.parseDouble(factor));
        }
        return weights;
    }

    private BlendWords blendWords() {
        final List<String> words = new ArrayList<>();
        final List<String> without = new ArrayList<>();
        for (final String item : items(blend))
            if (item.startsWith("-") && item.length() > 1) without.add(item.substring(1));
            else words.add(item);
        return new BlendWords(words, without);
    }

    private static List<String> items(final String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("[\\s,;]+"));
    }
}
