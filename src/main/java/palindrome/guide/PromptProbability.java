package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import palindrome.engine.Tensors;
import palindrome.network.CaptionClassifier;
import palindrome.sampler.NodeGrid;

/** How probable it is that an image has the attributes a prompt mentions. */
final class PromptProbability implements LogProbability {

    private final CaptionClassifier classifier;
    private final NodeGrid grid;
    private final Map<String, NDArray> choices = new LinkedHashMap<>();

    /**
     * @param classifier tells the attributes of noisy states
     * @param grid nodes whose timestep labels it is told
     * @param prompt with at least one of its words
     * @param manager on any device, open as long as this is used
     * @throws IllegalArgumentException if the prompt has no word that it knows
     */
    PromptProbability(
            final CaptionClassifier classifier, final NodeGrid grid, final String prompt, final NDManager manager) {
        this.classifier = classifier;
        this.grid = grid;
        final NDManager there = manager.newSubManager(classifier.device());
        final Map<String, List<String>> attributes = classifier.config().attributes();
        PromptWords.of(prompt, attributes)
                .byAttribute()
                .forEach((attribute, said) -> choices.put(attribute, choice(attributes.get(attribute), said, there)));
    }

    private static NDArray choice(final List<String> words, final List<String> said, final NDManager manager) {
        final float[] choice = new float[words.size()];
        for (int i = 0; i < choice.length; i++) choice[i] = said.contains(words.get(i)) ? 0 : Float.NEGATIVE_INFINITY;
        return Tensors.of(manager, choice, 1, choice.length);
    }

    @Override
    public NDArray of(final NDArray state, final int node) {
        final float[] times = new float[(int) state.getShape().get(0)];
        Arrays.fill(times, (float) grid.timestep(node));
        // NB: the classifier may be on another device than the state.
        final NDManager there = state.getManager().newSubManager(classifier.device());
        return classifier.logProbability(state, Tensors.of(there, times, times.length), choices);
    }
}
