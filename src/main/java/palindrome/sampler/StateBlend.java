package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import palindrome.engine.Tensors;

/**
 * Holds a walk from noise to an image to what is known of it, after every step (inpainting, DiffEdit and SDE-Drag of Nie
 * et al., "The Blessing of Randomness", 2024):
 *
 * <pre>x_i ← m_i ⊙ x_i + (1 − m_i) ⊙ known_i</pre>
 *
 * m_i is 0 or 1. A value with weight 1 goes free all the way, one with weight 0 is known all the way, and one in between is
 * let go at the node that its weight is of the walk, counted from the image: m_i = 1 where the weight is above i/N
 * (Differential Diffusion, Levin and Fried 2023). So what is known comes out to the last bit, and what is free is not
 * touched in any bit.
 */
public final class StateBlend {

    private final NDArray weights;
    private final KnownStates known;

    /**
     * @param weights how free every value is, float64 in [0, 1], of a shape that can be broadcast to that of the states;
     *          stays its owner's
     * @param known what the other values are
     */
    public StateBlend(final NDArray weights, final KnownStates known) {
        this.weights = weights;
        this.known = known;
    }

    /**
     * @param state x as a step left it, float64 [B, C, H, W]; neither changed nor closed
     * @param node where the step led, from 0 to N
     * @param grid the nodes of the walk
     * @return x held to what is known, a new array in the manager of {@code state}, to which nothing else is added
     */
    public NDArray blend(final NDArray state, final int node, final NodeGrid grid) {
        final NDManager owner = state.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(state, weights);
            final NDArray free = Tensors.cast(weights.gt((double) node / grid.steps()), DataType.FLOAT64);
            final NDArray held = free.neg().add(1);
            final NDArray blended = free.mul(state).add(held.mul(known.at(node, grid, scope)));
            blended.attach(owner);
            return blended;
        }
    }
}
