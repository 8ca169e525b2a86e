package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import palindrome.model.DiffusionModel;
import palindrome.model.ImageSize;
import palindrome.network.AttentionProcessor;
import palindrome.network.Conditioning;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;

/**
 * Classifier-free guidance (Ho and Salimans 2022) over a conditional
 * network: ε = ε_u + w·(ε_c − ε_u). A scale w of 1 is the conditional network
 * alone and costs one evaluation, 0 the unconditional one; anything else costs
 * two. Both directions of a run call this with the same
 * nodes, so the same state gives the same bits.
 */
public final class GuidedNoise implements Predictor {

    private final ContextNoise network;
    private final IntFunction<Prompts> prompts;
    private final double guidanceScale;
    private final GuidanceEvaluation evaluation;

    /**
     * With prompts that may change from node to node, one evaluation after the other.
     *
     * @param network the denoiser's noise under a prompt
     * @param prompts the prompts of a node from 1 to N, always the same ones
     * @param guidanceScale w, at least 0
     */
    public GuidedNoise(final ContextNoise network, final IntFunction<Prompts> prompts, final double guidanceScale) {
        this(network, prompts, guidanceScale, GuidanceEvaluation.SEQUENTIAL);
    }

    /**
     * As above.
     *
     * @param evaluation how the two evaluations are made
     */
    public GuidedNoise(
            final ContextNoise network,
            final IntFunction<Prompts> prompts,
            final double guidanceScale,
            final GuidanceEvaluation evaluation) {
        if (!(guidanceScale >= 0) || Double.isInfinite(guidanceScale))
            throw new IllegalArgumentException(
                    "Guidance is " + guidanceScale + "; use a number from 0 up, 1 for none.");
        this.network = network;
        this.prompts = prompts;
        this.guidanceScale = guidanceScale;
        this.evaluation = evaluation;
    }

    /**
     * The noise of a model under the same prompts at every node.
     *
     * @param model the model
     * @param grid nodes whose noise levels and timestep labels are used
     * @param prompts what the model is told
     * @param guidanceScale w, at least 0
     * @param beforeEvaluation run before every single evaluation, also between the two
     *          that guidance takes; leaves by an exception, such as
     *          {@link java.util.concurrent.CancellationException}, to stop the run
     */
    public static GuidedNoise of(
            final DiffusionModel model,
            final NodeGrid grid,
            final Prompts prompts,
            final double guidanceScale,
            final Runnable beforeEvaluation) {
        return new GuidedNoise(NetworkNoise.of(model, grid, beforeEvaluation), node -> prompts, guidanceScale);
    }

    /**
     * What guidance leads to and away from, as the network is told it.
     *
     * @param positive what the image should show
     * @param negative what guidance leads away from; the empty prompt by default
     */
    public record Prompts(Conditioning positive, Conditioning negative) {

        private static final int TOKEN_AXIS = 1;

        /**
         * What a model is told at a guidance scale; what that scale leaves out is neither
         * encoded nor asked to make sense. Of two texts the shorter one is followed by as
         * many empty ones as it takes to be as long.
         *
         * @param prompt what the image shows; may be empty where the model allows that
         * @param negativePrompt what guidance leads away from
         * @param guidanceScale w
         * @param size of the image
         * @param owner owner of the arrays
         * @throws IllegalArgumentException if the model takes no such prompt or no such
         *           guidance
         */
        public static Prompts of(
                final DiffusionModel model,
                final String prompt,
                final String negativePrompt,
                final double guidanceScale,
                final ImageSize size,
                final NDManager owner) {
            model.requireGuidance(guidanceScale);
            final OptionalInt embedded = model.guidanceEmbedding();
            if (embedded.isPresent()) {
                final Conditioning told = GuidanceEmbedding.addTo(
                        model.towards(prompt, size, owner), guidanceScale, embedded.getAsInt(), owner);
                return new Prompts(told, told);
            }
            if (guidanceScale == 1) {
                final Conditioning told = model.towards(prompt, size, owner);
                return new Prompts(told, told);
            }
            final Conditioning away = model.awayFrom(negativePrompt, size, owner);
            if (guidanceScale == 0) return new Prompts(away, away);
            final Conditioning told = model.towards(prompt, size, owner);
            return new Prompts(
                    asLongAs(away, told, () -> model.towards("", size, owner)),
                    asLongAs(told, away, () -> model.awayFrom("", size, owner)));
        }

        /**
         * The line between what a model is told of two images. Prompts of unequal length meet where the shorter one
         * is followed by empty ones.
         *
         * @param other prompts for the same model
         * @param place from 0, which is these prompts, to 1, the other ones
         * @param empty the conditioning of the empty prompt
         * @param owner owner of the arrays
         */
        public Prompts towards(
                final Prompts other, final double place, final Supplier<Conditioning> empty, final NDManager owner) {
            return new Prompts(
                    between(positive, other.positive, place, empty, owner),
                    between(negative, other.negative, place, empty, owner));
        }

        private static Conditioning between(
                final Conditioning one,
                final Conditioning other,
                final double place,
                final Supplier<Conditioning> empty,
                final NDManager owner) {
            // The ends are what they are, without anything added to them.
            if (place == 0) return one;
            if (place == 1) return other;
            return asLongAs(one, other, empty).towards(asLongAs(other, one, empty), place, owner);
        }

        /** Text states that are shorter than the other prompt's, made as long by those of the empty prompt. */
        private static Conditioning asLongAs(
                final Conditioning other, final Conditioning one, final Supplier<Conditioning> empty) {
            if (!(one instanceof Conditioning.Text text && other instanceof Conditioning.Text longer)) return one;
            final long length = longer.encoderHiddenStates().getShape().get(TOKEN_AXIS);
            NDArray states = text.encoderHiddenStates();
            if (states.getShape().get(TOKEN_AXIS) >= length) return one;
            final NDArray nothing = text(empty.get()).encoderHiddenStates();
            while (states.getShape().get(TOKEN_AXIS) < length) states = states.concat(nothing, TOKEN_AXIS);
            return text.withStates(states);
        }

        /** @return whether there is nothing to lead away from: the network itself hears the scale */
        private boolean areOne() {
            return positive == negative;
        }

        /** @return the same, the positive one attended to in another way; without effect on what hears no text */
        public Prompts attending(final AttentionProcessor attention) {
            if (!(positive instanceof Conditioning.Text text)) return this;
            final Conditioning attended = text.with(attention);
            return new Prompts(attended, areOne() ? attended : negative);
        }

        /** @return number of text states that the network hears of the positive one */
        int length() {
            return (int) text(positive).encoderHiddenStates().getShape().get(TOKEN_AXIS);
        }

        /** @return the same, led away from other text states: those of a node after null-text inversion */
        public Prompts awayFrom(final NDArray states) {
            return new Prompts(positive, text(negative).withStates(states));
        }

        static Conditioning.Text text(final Conditioning conditioning) {
            if (conditioning instanceof Conditioning.Text text) return text;
            throw new IllegalArgumentException(
                    "Null-text inversion searches text states, but the model takes no text; use O-BELM, BDIA or EDICT.");
        }
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        return guided(state, node, network::epsilon);
    }

    @Override
    public NDArray clean(final NDArray state, final int node) {
        return guided(state, node, network::clean);
    }

    /** What a network says of a state under one conditioning. */
    @FunctionalInterface
    private interface Answer {
        NDArray of(NDArray state, int node, Conditioning conditioning);
    }

    private NDArray guided(final NDArray state, final int node, final Answer answer) {
        final NDManager manager = state.getManager();
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray combined = combined(state, node, answer);
            combined.attach(manager);
            return combined;
        }
    }

    private NDArray combined(final NDArray state, final int node, final Answer answer) {
        final Prompts here = prompts.apply(node);
        if (guidanceScale == 0) return answer.of(state, node, here.negative());
        if (guidanceScale == 1 || here.areOne()) return answer.of(state, node, here.positive());
        if (evaluation == GuidanceEvaluation.BATCHED && here.positive().isLike(here.negative()))
            return batched(state, node, here, answer);
        final NDArray conditional = answer.of(state, node, here.positive());
        return guided(conditional, answer.of(state, node, here.negative()));
    }

    private NDArray batched(final NDArray state, final int node, final Prompts here, final Answer answer) {
        final Conditioning together = here.positive().concat(here.negative(), state.getManager());
        final NDArray both = answer.of(state.concat(state), node, together);
        final NDList halves = both.split(2);
        return guided(halves.get(0), halves.get(1));
    }

    private NDArray guided(final NDArray conditional, final NDArray unconditional) {
        return unconditional.add(conditional.sub(unconditional).mul(guidanceScale));
    }
}
