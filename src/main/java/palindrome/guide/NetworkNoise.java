package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import palindrome.engine.Kernel;
import palindrome.engine.KernelWatch;
import palindrome.engine.Tensors;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.PredictionType;

/**
 * ε from a text-conditional network, one evaluation each. The state keeps its own
 * precision; only what the network sees is cast to float32.
 */
public final class NetworkNoise implements ContextNoise {

    private final UNet2DConditionModel network;
    private final PredictionType predictionType;
    private final NodeGrid grid;
    private final Runnable mayGoOn;

    /**
     * @param network the denoiser
     * @param predictionType what its output means
     * @param grid nodes whose noise levels and timestep labels are used
     * @param mayGoOn asked before every kernel of every evaluation, which takes seconds
     *          with a large network; leaves by an exception, such as
     *          {@link java.util.concurrent.CancellationException}, to stop the run
     */
    public NetworkNoise(
            final UNet2DConditionModel network,
            final PredictionType predictionType,
            final NodeGrid grid,
            final Runnable mayGoOn) {
        this.network = network;
        this.predictionType = predictionType;
        this.grid = grid;
        this.mayGoOn = mayGoOn;
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node, final NDArray context) {
        return evaluated(
                state,
                node,
                context,
                output -> predictionType.toEpsilon(output, state, grid.alpha(node), grid.sigma(node)));
    }

    @Override
    public NDArray clean(final NDArray state, final int node, final NDArray context) {
        return evaluated(state, node, context, predictionType::cleanFromNoise);
    }

    private NDArray evaluated(
            final NDArray state, final int node, final NDArray context, final UnaryOperator<NDArray> meaning) {
        final NDManager manager = state.getManager();
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray input = Tensors.cast(state, DataType.FLOAT32);
            final float[] times = new float[(int) state.getShape().get(0)];
            Arrays.fill(times, (float) grid.timestep(node));
            final NDArray timesteps = Tensors.of(scope, times, times.length);
            final KernelWatch stop = (kernel, method) -> mayGoOn.run();
            final NDArray output = stop.during(() -> network.forward(input, timesteps, context));
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
