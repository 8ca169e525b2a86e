package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import palindrome.engine.Kernel;
import palindrome.engine.Tensors;
import palindrome.model.DiffusionModel;
import palindrome.network.Conditioning;
import palindrome.network.NoiseNetwork;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.PredictionType;

/**
 * ε from a network, one evaluation each. The state keeps its own
 * precision; only what the network sees is cast to float32.
 */
public final class NetworkNoise implements ContextNoise {

    private final NoiseNetwork network;
    private final PredictionType predictionType;
    private final NodeGrid grid;
    private final Runnable beforeEvaluation;

    /**
     * @param network the denoiser
     * @param predictionType what its output means
     * @param grid nodes whose noise levels and timestep labels are used
     * @param beforeEvaluation asked before every evaluation; leaves by an exception,
     *          such as {@link java.util.concurrent.CancellationException}, to stop
     *          the run
     */
    public NetworkNoise(
            final NoiseNetwork network,
            final PredictionType predictionType,
            final NodeGrid grid,
            final Runnable beforeEvaluation) {
        this.network = network;
        this.predictionType = predictionType;
        this.grid = grid;
        this.beforeEvaluation = beforeEvaluation;
    }

    /** As above, from a model's network. */
    public static NetworkNoise of(final DiffusionModel model, final NodeGrid grid, final Runnable beforeEvaluation) {
        return new NetworkNoise(model.network(), model.scheduler().predictionType(), grid, beforeEvaluation);
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node, final Conditioning conditioning) {
        return evaluated(
                state,
                node,
                conditioning,
                output -> predictionType.toEpsilon(output, state, grid.alpha(node), grid.sigma(node)));
    }

    @Override
    public NDArray clean(final NDArray state, final int node, final Conditioning conditioning) {
        return evaluated(state, node, conditioning, predictionType::cleanFromNoise);
    }

    private NDArray evaluated(
            final NDArray state,
            final int node,
            final Conditioning conditioning,
            final UnaryOperator<NDArray> meaning) {
        beforeEvaluation.run();
        final NDManager manager = state.getManager();
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray input = Tensors.cast(state, DataType.FLOAT32);
            final float[] times = new float[(int) state.getShape().get(0)];
            Arrays.fill(times, (float) grid.timestep(node));
            final NDArray output = network.forward(input, Tensors.of(scope, times, times.length), conditioning);
            final NDArray meant = meaning.apply(Kernels.NOISE.call("widen", output));
            meant.attach(manager);
            return meant;
        }
    }

    /** Compiled when first used; one for all networks. */
    private static final class Kernels {

        static final Kernel NOISE = Kernel.load(NetworkNoise.class, "network_noise.py", Map.of());
    }
}
