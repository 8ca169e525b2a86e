package palindrome.guide;

import ai.djl.ndarray.NDArray;
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
 * two, made one after the other, which on a CPU takes the time of a batch of
 * two and half its memory. Both directions of a run call this with the same
 * nodes, so the same state gives the same bits.
 */
public final class GuidedNoise implements Predictor {

    private final ContextNoise network;
    private final IntFunction<Prompts> prompts;
    private final double guidanceScale;

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
     * @param mayGoOn leaves by an exception, such as
     *          {@link java.util.concurrent.CancellationException}, to stop the run
     */
    public GuidedNoise(
            final UNet2DConditionModel network,
            final PredictionType predictionType,
            final NodeGrid grid,
            final Prompts prompts,
            final double guidanceScale,
            final Runnable mayGoOn) {
        this(new NetworkNoise(network, predictionType, grid, mayGoOn), node -> prompts, guidanceScale);
    }

    /**
     * As above, with prompts that may change from node to node.
     *
     * @param network the denoiser's noise under a prompt
     * @param prompts the prompts of a node from 1 to N, always the same ones
     * @param guidanceScale w, at least 0
     */
    public GuidedNoise(final ContextNoise network, final IntFunction<Prompts> prompts, final double guidanceScale) {
        if (!(guidanceScale >= 0) || Double.isInfinite(guidanceScale))
            throw new IllegalArgumentException(
                    "Guidance is " + guidanceScale + "; use a number from 0 up, 1 for none.");
        this.network = network;
        this.prompts = prompts;
        this.guidanceScale = guidanceScale;
    }

    /**
     * Encoded prompts.
     *
     * @param positive what the image should show
     * @param negative what guidance leads away from; the empty prompt by default
     */
    public record Prompts(NDArray positive, NDArray negative) {}

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
        final NDArray conditional = answer.of(state, node, here.positive());
        if (guidanceScale == 1) return conditional;
        final NDArray unconditional = answer.of(state, node, here.negative());
        return unconditional.add(conditional.sub(unconditional).mul(guidanceScale));
    }
}
