package palindrome.guide;

import ai.djl.ndarray.NDArray;
import java.util.function.IntPredicate;
import palindrome.network.Conditioning;

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
