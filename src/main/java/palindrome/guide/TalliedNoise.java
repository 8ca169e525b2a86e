package palindrome.guide;

import ai.djl.ndarray.NDArray;
import palindrome.network.Conditioning;

/** Counts the evaluations of a network, and those that a gradient runs back through. */
public final class TalliedNoise implements ContextNoise {

    private final ContextNoise network;
    private int evaluations;
    private int gradients;

    public TalliedNoise(final ContextNoise network) {
        this.network = network;
    }

    /** @return evaluations so far */
    public int evaluations() {
        return evaluations;
    }

    /** @return how many of them will be run backwards as well */
    public int gradients() {
        return gradients;
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node, final Conditioning conditioning) {
        evaluations++;
        if (conditioning instanceof Conditioning.Text text
                && text.encoderHiddenStates().hasGradient()) gradients++;
        return network.epsilon(state, node, conditioning);
    }
}
