package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Optional;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;

/**
 * Prompt-to-Prompt (Hertz, Mokady, Tenenbaum, Aberman, Pritch and Cohen-Or 2022): a source and its edit side by side, the
 * edit with some of the source's attention.
 * <p>
 * States are [2, C, H, W], the source first. The source is predicted as it would be alone, so that after an exact inversion it
 * returns to its image bit for bit, whatever becomes of the edit. With a local blend the edit depends on the steps before, and
 * so is for one way from noise to image only.
 */
public final class PromptToPrompt implements Predictor {

    private final Predictor source;
    private final Predictor edit;
    private final SharedAttention attention;
    private final NodeGrid grid;

    /**
     * @param source the noise under the source prompt, attended to by {@link SharedAttention#ofSource}
     * @param edit the noise under the target prompt, attended to by {@link SharedAttention#ofEdit}
     * @param attention what is between them
     * @param grid the nodes to walk
     */
    public PromptToPrompt(
            final Predictor source, final Predictor edit, final SharedAttention attention, final NodeGrid grid) {
        this.source = source;
        this.edit = edit;
        this.attention = attention;
        this.grid = grid;
    }

    /** What one of the two says of its state. */
    @FunctionalInterface
    private interface Answer {
        NDArray of(Predictor predictor, NDArray state);
    }

    /** The edit's answer, limited to some places. */
    @FunctionalInterface
    private interface Limit {
        NDArray of(LocalBlend blend, NDArray source, NDArray edit, NDArray difference);
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        return answered(
                state,
                (predictor, one) -> predictor.epsilon(one, node),
                (blend, first, second, difference) -> blend.epsilon(first, second, difference, grid.sigma(node)));
    }

    @Override
    public NDArray clean(final NDArray state, final int node) {
        return answered(
                state,
                (predictor, one) -> predictor.clean(one, node),
                (blend, first, second, difference) -> blend.clean(first, second));
    }

    private NDArray answered(final NDArray pair, final Answer answer, final Limit limit) {
        if (pair.getShape().get(0) != 2)
            throw new IllegalArgumentException("Prompt-to-Prompt takes a source and its edit, not "
                    + pair.getShape().get(0) + " states.");
        final NDManager owner = pair.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(pair);
            final NDList states = pair.split(2);
            final NDArray first = answer.of(source, states.get(0));
            NDArray second = answer.of(edit, states.get(1));
            final Optional<LocalBlend> blend = attention.blend();
            if (blend.isPresent())
                second = limit.of(blend.get(), first, second, states.get(1).sub(states.get(0)));
            final NDArray both = first.concat(second);
            both.attach(owner);
            return both;
        } finally {
            attention.clear();
        }
    }
}
