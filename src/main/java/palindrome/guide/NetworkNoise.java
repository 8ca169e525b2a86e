package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import palindrome.engine.KernelWatch;
import palindrome.model.DiffusionModel;
import palindrome.network.Conditioning;
import palindrome.network.MaskedImageNetwork;
import palindrome.network.NoiseNetwork;
import palindrome.network.Windows;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.PredictionType;

/**
 * ε from a network, one evaluation each. The state keeps its own
 * precision and device; what the network sees is carried to the network's.
 */
public final class NetworkNoise implements ContextNoise {

    private final NoiseNetwork network;
    private final StateBridge bridge;
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
            final NoiseNetwork network,
            final PredictionType predictionType,
            final NodeGrid grid,
            final Runnable mayGoOn) {
        this.network = network;
        bridge = new StateBridge(network.device(), network.elementType());
        this.predictionType = predictionType;
        this.grid = grid;
        this.mayGoOn = mayGoOn;
    }

    /** As above, from a model's network. */
    public static NetworkNoise of(final DiffusionModel model, final NodeGrid grid, final Runnable mayGoOn) {
        return new NetworkNoise(model.network(), model.scheduler().predictionType(), grid, mayGoOn);
    }

    /**
     * As above, from an inpainting model's network, which is told what it may paint and sees the image around it.
     *
     * @param mask float64 [1, 1, H, W], 1 where it may paint and 0 elsewhere
     * @param image float64 [1, C, H, W], the state of the image without what is masked
     * @param windows in which the network sees states
     * @param owner owner of what is kept for the run
     */
    public static NetworkNoise painting(
            final DiffusionModel model,
            final NodeGrid grid,
            final NDArray mask,
            final NDArray image,
            final Windows windows,
            final NDManager owner,
            final Runnable mayGoOn) {
        final StateBridge bridge =
                new StateBridge(model.unet().device(), model.unet().elementType());
        return new NetworkNoise(
                new MaskedImageNetwork(
                        model.unet(), bridge.toNetwork(mask, owner), bridge.toNetwork(image, owner), windows),
                model.scheduler().predictionType(),
                grid,
                mayGoOn);
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
        final NDManager manager = state.getManager();
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(state);
            final float[] times = new float[(int) state.getShape().get(0)];
            Arrays.fill(times, (float) grid.timestep(node));
            final KernelWatch stop = (kernel, method) -> mayGoOn.run();
            final NDArray output = stop.during(() -> network.forward(
                    bridge.toNetwork(state, scope),
                    bridge.toNetwork(times, scope),
                    bridge.toNetwork(conditioning, scope)));
            final NDArray meant = meaning.apply(bridge.toState(output, state));
            meant.attach(manager);
            return meant;
        }
    }
}
