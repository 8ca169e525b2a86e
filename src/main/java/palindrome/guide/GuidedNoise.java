package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.function.IntFunction;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.PredictionType;
import palindrome.sampler.Predictor;

/**
 * Classifier-free guidance (Ho and Salimans 2022) over a text-conditional
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
     * @param network the denoiser
     * @param predictionType what its output means
     * @param grid nodes whose noise levels and timestep labels are used
     * @param prompts encoded prompts, [1, L, D] each
     * @param guidanceScale w, at least 0
     */
    public GuidedNoise(
            final UNet2DConditionModel network,
            final PredictionType predictionType,
            final NodeGrid grid,
            final Prompts prompts,
            final double guidanceScale) {
        this(network, predictionType, grid, prompts, guidanceScale, () -> {});
    }

    /**
     * As above, with a host that is asked before every single evaluation, also
     * between the two that guidance takes.
     *
     * @param beforeEvaluation leaves by an exception, such as
     *          {@link java.util.concurrent.CancellationException}, to stop the run
     */
    public GuidedNoise(
            final UNet2DConditionModel network,
            final PredictionType predictionType,
            final NodeGrid grid,
            final Prompts prompts,
            final double guidanceScale,
            final Runnable beforeEvaluation) {
        this(new NetworkNoise(network, predictionType, grid, beforeEvaluation), node -> prompts, guidanceScale);
    }

    /**
     * As above, with prompts that may change from node to node, one evaluation after the other.
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
     * Encoded prompts.
     *
     * @param positive what the image should show
     * @param negative what guidance leads away from; the empty prompt by default
     */
    public record Prompts(NDArray positive, NDArray negative) {

        private boolean areAlike() {
            return positive.getShape().equals(negative.getShape());
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

    /** What a network says of a state under one context. */
    @FunctionalInterface
    private interface Answer {
        NDArray of(NDArray state, int node, NDArray context);
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
        if (guidanceScale == 1) return answer.of(state, node, here.positive());
        if (evaluation == GuidanceEvaluation.BATCHED && here.areAlike()) return batched(state, node, here, answer);
        final NDArray conditional = answer.of(state, node, here.positive());
        return guided(conditional, answer.of(state, node, here.negative()));
    }

    private NDArray batched(final NDArray state, final int node, final Prompts here, final Answer answer) {
        // NB: it would belong to the manager of the prompts, which outlives the evaluation.
        final NDArray contexts = here.positive().concat(here.negative());
        contexts.attach(state.getManager());
        final NDArray both = answer.of(state.concat(state), node, contexts);
        final NDList halves = both.split(2);
        return guided(halves.get(0), halves.get(1));
    }

    private NDArray guided(final NDArray conditional, final NDArray unconditional) {
        return unconditional.add(conditional.sub(unconditional).mul(guidanceScale));
    }
}
