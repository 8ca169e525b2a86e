package palindrome.guide;

import ai.djl.ndarray.NDArray;
import palindrome.network.Conditioning;
import palindrome.sampler.StepListener;

/** Counts the evaluations of a network against a plan, and tells the listener after each. */
final class CountedNoise implements ContextNoise {

    private final ContextNoise network;
    private final StepListener listener;
    private final int total;
    private int done;

    /**
     * @param total evaluations planned
     */
    CountedNoise(final ContextNoise network, final StepListener listener, final int total) {
        this.network = network;
        this.listener = listener;
        this.total = total;
        listener.evaluated(0, total);
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node, final Conditioning conditioning) {
        final NDArray epsilon = network.epsilon(state, node, conditioning);
        done++;
        listener.evaluated(done, total);
        return epsilon;
    }

    /** Goes on as if so many evaluations had been made: some were not needed. */
    void skipTo(final int evaluations) {
        if (evaluations == done) return;
        done = evaluations;
        listener.evaluated(done, total);
    }
}
