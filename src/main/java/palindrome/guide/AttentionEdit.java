package palindrome.guide;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import palindrome.model.PromptTokens;
import palindrome.network.AttentionMix;

/**
 * What Prompt-to-Prompt does to the attention of one edit: the settings, with their words found in the two prompts.
 */
public final class AttentionEdit {

    private final AttentionSettings settings;
    private final PromptTokens source;
    private final PromptTokens target;
    private final List<Double> weights;

    /**
     * @param settings how to follow the source
     * @param source the source prompt
     * @param target the target prompt
     * @param weights factors of the attention to each word of the target prompt, on top of those of the settings
     * @throws IllegalArgumentException naming a word that is in neither prompt where it is looked for, or prompts that cannot
     *           be mapped
     */
    public AttentionEdit(
            final AttentionSettings settings,
            final PromptTokens source,
            final PromptTokens target,
            final List<Double> weights) {
        this.settings = settings;
        this.source = source;
        this.target = target;
        this.weights = new ArrayList<>(weights);
        settings.weights().forEach((word, weight) -> {
            for (final int i : find(word, target)) this.weights.set(i, this.weights.get(i) * weight);
        });
        settings.cross().words().keySet().forEach(word -> find(word, target));
        settings.blend().words().forEach(this::requireInEither);
        settings.blend().without().forEach(this::requireInEither);
        if (!settings.cross().isEmpty()) mapping(source.length(), target.length());
    }

    /** @return whether the edit is what it is without all this: it attends freely, or to what it would attend to anyway */
    public boolean isNone() {
        final boolean free = settings.cross().isEmpty()
                && settings.self().isEmpty()
                && settings.blend().isEmpty();
        final boolean same = source.toString().equals(target.toString());
        return (free || same) && weights.stream().allMatch(weight -> weight == 1);
    }

    /** @return whether the edit is limited to the places of words */
    public boolean isLocal() {
        return !settings.blend().isEmpty();
    }

    /**
     * @param step counted from 0, the noisiest
     * @param steps of the whole way
     * @return whether places attend to each other as in the source
     */
    boolean injectsSelfAttention(final int step, final int steps) {
        return settings.self().contains(step, steps);
    }

    /**
     * @param step counted from 0, the noisiest
     * @param steps of the whole way
     * @param sourceLength states the network hears of the source prompt
     * @param length and of the target prompt
     * @return how the attention to words is made in that step
     */
    AttentionMix mix(final int step, final int steps, final int sourceLength, final int length) {
        final float[] factors = perToken(length);
        // Weights without a window: there is no attention of the source they could be put on.
        if (settings.cross().isEmpty())
            return new AttentionMix(sourceLength, length, new float[sourceLength * length], factors);
        final WordMapping.Tokens mapping = mapping(sourceLength, length);
        final float[] active = active(step, steps, length);
        final float[] fromSource = mapping.fromSource().clone();
        final float[] own = new float[length];
        for (int j = 0; j < length; j++) {
            final float taken = mapping.mapped()[j] * active[j] * factors[j];
            for (int i = 0; i < sourceLength; i++) fromSource[i * length + j] *= taken;
            own[j] = (1 - mapping.mapped()[j]) * active[j] * factors[j] + (1 - active[j]);
        }
        return new AttentionMix(sourceLength, length, fromSource, own);
    }

    private WordMapping.Tokens mapping(final int sourceLength, final int length) {
        return settings.mapping().of(source, target, sourceLength, length);
    }

    /** 1 for tokens whose attention follows the source in a step, else 0. */
    float[] active(final int step, final int steps, final int length) {
        // The published table has a row more than there are steps.
        final int rows = steps + 1;
        final float[] active = new float[length];
        Arrays.fill(active, settings.cross().rest().contains(step, rows) ? 1 : 0);
        for (final Map.Entry<String, StepWindow> own : settings.cross().words().entrySet())
            for (final int place : places(own.getKey(), target))
                active[place] = own.getValue().contains(step, rows) ? 1 : 0;
        return active;
    }

    /** Factor of every token's attention. */
    float[] perToken(final int length) {
        final float[] factors = new float[length];
        Arrays.fill(factors, 1);
        for (int word = 0; word < weights.size(); word++)
            for (final int place : target.places(word))
                factors[place] = weights.get(word).floatValue();
        return factors;
    }

    /**
     * @param sourceLength states the network hears of the source prompt
     * @param length and of the target prompt
     * @param level of the network's layers whose attention is read
     * @return the limit to the places of words
     */
    LocalBlend localBlend(final int sourceLength, final int length, final int level) {
        return new LocalBlend(columns(source, sourceLength), columns(target, length), level, settings.blend());
    }

    /** 1 in the first column for tokens of words that may change, in the second of those that may not, [L, 2]. */
    private float[] columns(final PromptTokens prompt, final int length) {
        final float[] columns = new float[length * 2];
        for (final String word : settings.blend().words())
            for (final int place : places(word, prompt)) columns[2 * place] = 1;
        for (final String word : settings.blend().without())
            for (final int place : places(word, prompt)) columns[2 * place + 1] = 1;
        return columns;
    }

    private static Set<Integer> places(final String word, final PromptTokens prompt) {
        final Set<Integer> places = new LinkedHashSet<>();
        for (final int i : prompt.find(word)) places.addAll(prompt.places(i));
        return places;
    }

    private static List<Integer> find(final String word, final PromptTokens prompt) {
        final List<Integer> found = prompt.find(word);
        if (found.isEmpty())
            throw new IllegalArgumentException("The word '" + word + "' is not in the target prompt '" + prompt
                    + "'; name a word that is, as it stands there.");
        return found;
    }

    private void requireInEither(final String word) {
        if (source.find(word).isEmpty() && target.find(word).isEmpty())
            throw new IllegalArgumentException("The word '" + word + "' is neither in the source prompt '" + source
                    + "' nor in the target prompt '" + target + "'; name a word that is in one of them.");
    }

    /** @return weights of 1 for every word */
    public static List<Double> noWeights(final PromptTokens target) {
        return Collections.nCopies(target.words().size(), 1.0);
    }
}
