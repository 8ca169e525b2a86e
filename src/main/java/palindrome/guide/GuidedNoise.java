package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import palindrome.engine.Tensors;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.PredictionType;
import palindrome.sampler.Predictor;

/**
 * Classifier-free guidance (Ho and Salimans 2022) over a text-conditional
 * network: ε = ε_u + w·(ε_c − ε_u). A scale w of 1 is the conditional network
 * alone and costs one evaluation, 0 the unconditional one; anything else costs
 * two, made one after the other, which on a CPU takes the time of a batch of
 * two and half its memory.
 * <p>
 * The state keeps its own precision; only what the network sees is cast to
 * float32. Both directions of a run call this with the same nodes, so the same
 * state gives the same bits.
 */
public final class GuidedNoise implements Predictor {

    private final UNet2DConditionModel network;
    private final PredictionType predictionType;
    private final NodeGrid grid;
    private final Prompts prompts;
    private final double guidanceScale;
    private final Runnable beforeEvaluation;

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
        if (!(guidanceScale >= 0) || Double.isInfinite(guidanceScale))
            throw new IllegalArgumentException(
                    "Guidance is " + guidanceScale + "; use a number from 0 up, 1 for none.");
        this.network = network;
        this.predictionType = predictionType;
        this.grid = grid;
        this.prompts = prompts;
        this.guidanceScale = guidanceScale;
        this.beforeEvaluation = beforeEvaluation;
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
        final NDManager manager = state.getManager();
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray input = Tensors.cast(state, DataType.FLOAT32);
            final float[] times = new float[(int) state.getShape().get(0)];
            Arrays.fill(times, (float) grid.timestep(node));
            final NDArray timesteps = Tensors.of(scope, times, times.length);
            final NDArray output = guided(input, timesteps);
            final NDArray epsilon = predictionType.toEpsilon(output, state, grid.alpha(node), grid.sigma(node));
            epsilon.attach(manager);
            return epsilon;
        }
    }

    private NDArray guided(final NDArray input, final NDArray timesteps) {
        if (guidanceScale == 0) return evaluate(input, timesteps, prompts.negative());
        final NDArray conditional = evaluate(input, timesteps, prompts.positive());
        if (guidanceScale == 1) return conditional;
        final NDArray unconditional = evaluate(input, timesteps, prompts.negative());
        return unconditional.add(conditional.sub(unconditional).mul(guidanceScale));
    }

    private NDArray evaluate(final NDArray input, final NDArray timesteps, final NDArray context) {
        beforeEvaluation.run();
        try (NDArray output = network.forward(input, timesteps, context)) {
            return Tensors.cast(output, DataType.FLOAT64);
        }
    }
}
