package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import palindrome.engine.Tensors;

/**
 * Captions as the classes of a classifier.
 *
 * @param attributes words of each attribute
 */
record CaptionLabels(Map<String, List<String>> attributes) {

    /**
     * @param attribute an attribute
     * @param caption of a crop
     * @return index of the caption's word among those of the attribute
     * @throws IllegalArgumentException if it has none of them
     */
    int index(final String attribute, final Caption caption) {
        final List<String> words = attributes.get(attribute);
        for (final String word : List.of(caption.modality(), caption.number(), caption.size(), caption.brightness()))
            if (words.contains(word)) return words.indexOf(word);
        throw new IllegalArgumentException(
                "The caption '" + caption.text() + "' has none of the words " + words + " of " + attribute + ".");
    }

    /**
     * @param captions one a crop
     * @param scope owner of the arrays
     * @return for each attribute [B, words]: 0 for the caption's word, −∞ for the others
     */
    Map<String, NDArray> choices(final List<Caption> captions, final NDManager scope) {
        final Map<String, NDArray> choices = new LinkedHashMap<>();
        attributes.forEach((attribute, words) -> {
            final float[] choice = new float[captions.size() * words.size()];
            Arrays.fill(choice, Float.NEGATIVE_INFINITY);
            for (int i = 0; i < captions.size(); i++) choice[i * words.size() + index(attribute, captions.get(i))] = 0;
            choices.put(attribute, Tensors.of(scope, choice, captions.size(), words.size()));
        });
        return choices;
    }
}
