package palindrome.guide;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import palindrome.engine.Tensors;
import palindrome.model.ControlNet;
import palindrome.model.DiffusionModel;
import palindrome.model.TilePlan;
import palindrome.network.Conditioning;
import palindrome.network.ControlScale;
import palindrome.network.UNet2DConditionModel;
import palindrome.network.WindowedMap;
import palindrome.sampler.NodeGrid;

/**
 * ε under a control image at some nodes and without it at the others: ControlNet's step window. It goes by the node, not
 * by how many steps were taken, so that the way to noise and the way back hear the same.
 */
public final class ControlledNoise implements ContextNoise {

    private final ContextNoise free;
    private final ContextNoise controlled;
    private final IntPredicate controls;

    /**
     * @param free the network's own noise
     * @param controlled its noise under the control image
     * @param controls whether the control image counts at a node from 1 to N, always the same answer
     */
    public ControlledNoise(final ContextNoise free, final ContextNoise controlled, final IntPredicate controls) {
        this.free = free;
        this.controlled = controlled;
        this.controls = controls;
    }

    /**
     * What an evaluation takes besides the weights, in bytes: that of the largest window. Arguments as {@link
     * DiffusionModel#evaluationBytes}.
     */
    public static long evaluationBytes(
            final DiffusionModel model,
            final ControlNet control,
            final long batch,
            final int rows,
            final int columns,
            final TilePlan plan) {
        final int window = plan.network().size();
        return ControlledNetwork.evaluationBytes(
                (UNet2DConditionModel) model.unet(),
                control.network(),
                batch,
                Math.min(window, rows),
                Math.min(window, columns));
    }

    /**
     * A model's noise under a control image.
     *
     * @param model a text-conditional model
     * @param control lent for that model
     * @param image [1, 3, s·H, s·W] for states of H × W, with s pixels along each side for a value of the state; in
     *          [0, 1], red first, float32, on the model's device, where it stays its owner's
     * @param scale weight of what the control network says
     * @param controls as above
     * @param grid nodes whose noise levels and timestep labels are used
     * @param plan the windows in which the network sees a state; each sees its part of the control image
     * @param mayGoOn as in {@link NetworkNoise}
     */
    public static ContextNoise of(
            final DiffusionModel model,
            final ControlNet control,
            final NDArray image,
            final double scale,
            final IntPredicate controls,
            final NodeGrid grid,
            final TilePlan plan,
            final Runnable mayGoOn) {
        final NetworkNoise free = NetworkNoise.of(model, grid, mayGoOn);
        final UNet2DConditionModel unet = (UNet2DConditionModel) model.unet();
        final NDArray typed = Tensors.cast(image, unet.elementType());
        final List<ContextNoise> windows = new ArrayList<>();
        for (final NDArray part : new WindowedMap(plan.network(), model.factor(), 1).cut(typed)) {
            final ControlledNetwork network =
                    new ControlledNetwork(unet, control.network(), part, ControlScale.uniform(scale));
            windows.add(new ControlledNoise(
                    free, new NetworkNoise(network, model.scheduler().predictionType(), grid, mayGoOn), controls));
        }
        return new WindowedNoise(windows::get, plan.network());
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node, final Conditioning conditioning) {
        return at(node).epsilon(state, node, conditioning);
    }

    @Override
    public NDArray clean(final NDArray state, final int node, final Conditioning conditioning) {
        return at(node).clean(state, node, conditioning);
    }

    private ContextNoise at(final int node) {
        return controls.test(node) ? controlled : free;
    }
}
