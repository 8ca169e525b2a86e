package palindrome.guide;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import palindrome.model.PromptTokens;

/**
 * Which token of the source prompt each token of the target prompt takes its attention from (Prompt-to-Prompt, Hertz et al.
 * 2022).
 */
public enum WordMapping {
    /** Replaces words where both prompts have as many, else refines. */
    AUTO {
        @Override
        Tokens of(
                final PromptTokens source, final PromptTokens target, final int sourceLength, final int targetLength) {
            final boolean alike = source.words().size() == target.words().size();
            return (alike ? REPLACE : REFINE).of(source, target, sourceLength, targetLength);
        }
    },

    /**
     * Word for word: a word takes the attention of the one in its place. Where their tokens differ in number, each takes an
     * equal share of every token's. NB: in the published code, which looks up the wrong row there, one token then loses its
     * attention.
     */
    REPLACE {
        @Override
        Tokens of(
                final PromptTokens source, final PromptTokens target, final int sourceLength, final int targetLength) {
            requireAsManyWords(source, target);
            final Tokens tokens = Tokens.none(sourceLength, targetLength);
            Arrays.fill(tokens.mapped(), 1);
            tokens.map(0, 0, 1);
            for (int word = 0; word < target.words().size(); word++)
                replace(tokens, source.places(word), target.places(word));
            tokens.map(source.place(source.ids().length - 1), target.place(target.ids().length - 1), 1);
            mapRest(tokens, source, target);
            return tokens;
        }
    },

    /**
     * By the best alignment of the tokens: those that both prompts have take their attention from there, those that only
     * the target has keep their own.
     */
    REFINE {
        @Override
        Tokens of(
                final PromptTokens source, final PromptTokens target, final int sourceLength, final int targetLength) {
            final Tokens tokens = Tokens.none(sourceLength, targetLength);
            final int[] aligned = TokenAlignment.of(source.ids(), target.ids());
            final boolean[] done = new boolean[targetLength];
            for (int i = 0; i < aligned.length; i++) {
                final int place = target.place(i);
                done[place] = true;
                if (aligned[i] == TokenAlignment.NONE) continue;
                tokens.map(source.place(aligned[i]), place, 1);
                tokens.mapped()[place] = 1;
            }
            // What is no word keeps its place.
            for (int place = 0; place < Math.min(sourceLength, targetLength); place++) {
                if (done[place]) continue;
                tokens.map(place, place, 1);
                tokens.mapped()[place] = 1;
            }
            return tokens;
        }
    };

    /**
     * A mapping of tokens.
     *
     * @param sourceLength places of the source's text states, Ls
     * @param length places of the target's, L
     * @param fromSource how much of each source token's attention a target token takes, [Ls, L], row-major
     * @param mapped 1 for target tokens that take attention, 0 for those that keep their own, [L]
     */
    record Tokens(int sourceLength, int length, float[] fromSource, float[] mapped) {

        static Tokens none(final int sourceLength, final int length) {
            return new Tokens(sourceLength, length, new float[sourceLength * length], new float[length]);
        }

        void map(final int source, final int target, final float share) {
            fromSource[source * length + target] = share;
        }
    }

    /**
     * @param source tokens of the source prompt
     * @param target tokens of the target prompt
     * @param sourceLength states the network hears of the source, at least the prompt's own
     * @param targetLength and of the target
     * @throws IllegalArgumentException if the prompts cannot be mapped in this way
     */
    abstract Tokens of(PromptTokens source, PromptTokens target, int sourceLength, int targetLength);

    private static void requireAsManyWords(final PromptTokens source, final PromptTokens target) {
        if (source.words().size() != target.words().size())
            throw new IllegalArgumentException("Words can only be replaced by as many others, but '" + source + "' has "
                    + source.words().size() + " and '" + target + "' has "
                    + target.words().size() + "; use mapping=refine.");
    }

    private static void replace(final Tokens tokens, final List<Integer> from, final List<Integer> to) {
        if (from.size() == to.size()) for (int i = 0; i < to.size(); i++) tokens.map(from.get(i), to.get(i), 1);
        else for (final int target : to) for (final int source : from) tokens.map(source, target, 1f / to.size());
    }

    /** Padding to padding in order; what the source has more of, on the target's last place, so that nothing is lost. */
    private static void mapRest(final Tokens tokens, final PromptTokens source, final PromptTokens target) {
        final List<Integer> from = rest(source, tokens.sourceLength());
        final List<Integer> to = rest(target, tokens.length());
        final int last = to.isEmpty() ? target.place(target.ids().length - 1) : to.get(to.size() - 1);
        for (int i = 0; i < from.size(); i++) tokens.map(from.get(i), i < to.size() ? to.get(i) : last, 1);
    }

    /** Places that are neither the first nor those of words or of the end. */
    private static List<Integer> rest(final PromptTokens prompt, final int length) {
        final List<Integer> rest =
                new ArrayList<>(IntStream.range(0, length).boxed().toList());
        IntStream.range(0, prompt.ids().length).map(prompt::place).forEach(place -> rest.remove((Integer) place));
        return rest;
    }
}
