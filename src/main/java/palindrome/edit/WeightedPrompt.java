package palindrome.edit;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import palindrome.model.PromptTokens;

/**
 * A prompt and how much attention its words get.
 *
 * @param text the prompt as the text encoder reads it
 * @param weights a factor for each of its words, as {@link PromptTokens} counts them
 */
record WeightedPrompt(String text, List<Double> weights) {

    /** A factor: decimal, and may be negative. */
    static final String NUMBER = "-?\\d+(?:\\.\\d+)?";

    /** A word, which has a letter, its weight, and punctuation. */
    private static final Pattern WEIGHTED = Pattern.compile("(\\S*\\p{L}\\S*?):(" + NUMBER + ")([^\\s\\p{L}\\p{N}]*)");

    /**
     * @param written words, some of which may have a weight, as {@code nuclei:1.6}
     * @return the prompt, to the letter if there is no weight in it
     */
    static WeightedPrompt of(final String written) {
        String text = written;
        final List<Double> weights = new ArrayList<>();
        for (final String word : PromptTokens.split(written)) {
            final Matcher weighted = WEIGHTED.matcher(word);
            if (weighted.matches()) {
                text = text.replaceFirst(
                        "(?<![^\\s\\p{Z}])" + Pattern.quote(word) + "(?![^\\s\\p{Z}])",
                        Matcher.quoteReplacement(weighted.group(1) + weighted.group(3)));
                weights.add(Double.parseDouble(weighted.group(2)));
            } else weights.add(1.0);
        }
        return new WeightedPrompt(text, List.copyOf(weights));
    }

    /** @return whether any word has a weight other than 1 */
    boolean hasWeights() {
        return weights.stream().anyMatch(weight -> weight != 1);
    }
}
