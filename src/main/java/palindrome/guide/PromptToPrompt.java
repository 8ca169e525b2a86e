package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import palindrome.sampler.Predictor;
import palindrome.sampler.StateExchange;

/**
 * Prompt-to-Prompt (Hertz, Mokady, Tenenbaum, Aberman, Pritch and Cohen-Or 2022): a source and its edit side by side, the
 * edit with some of the source's attention.
 * <p>
 * States are [2, C, H, W], the source first. The source is predicted as it would be alone, so that after an exact inversion it
 * returns to its image bit for bit, whatever becomes of the edit. With a local blend ({@link #exchange}) the edit depends on
 * the steps before, and so is for one way from noise to image only.
 */
public final class PromptToPrompt implements Predictor {

    private final Predictor source;
    private final Predictor edit;
    private final SharedAttention attention;

    /**
     * @param source the noise under the source prompt, attended to by {@link SharedAttention#ofSource}
     * @param edit the noise under the target prompt, attended to by {@link SharedAttention#ofEdit}
     * @param attention what is between them
     */
    public PromptToPrompt(final Predictor source, final Predictor edit, final SharedAttention attention) {
        this.source = source;
        this.edit = edit;
        this.attention = attention;
    }

    /** What one of the two says of its state. */
    @FunctionalInterface
    private interface Answer {
        NDArray of(Predictor predictor, NDArray state);
    }

    /** @return what the edit takes over from the source after every step */
    public StateExchange exchange() {
        return attention.blend().map(StateExchange.class::cast).orElse(StateExchange.NONE);
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        return answered(state, (predictor, one) -> predictor.epsilon(one, node));
    }

    @Override
    public NDArray clean(final NDArray state, final int node) {
        return answered(state, (predictor, one) -> predictor.clean(one, node));
    }

    private NDArray answered(final NDArray pair, final Answer answer) {
        if (pair.getShape().get(0) != 2)
            throw new IllegalArgumentException("Prompt-to-Prompt takes a source and its edit, not "
                    + pair.getShape().get(0) + " states.");
        final NDManager owner = pair.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(pair);
            final NDList states = pair.split(2);
            final NDArray first = answer.of(source, states.get(0));
            final NDArray both = first.concat(answer.of(edit, states.get(1)));
            both.attach(owner);
            return both;
        } finally {
            attention.clear();
        }
    }
}
