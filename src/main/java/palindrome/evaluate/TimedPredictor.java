package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import palindrome.sampler.Predictor;

/**
 * Adds up the time spent in another predictor, so that one run tells its
 * sampler's own time from the network's. On the CPU, where calls return when
 * they are done.
 */
final class TimedPredictor implements Predictor {

    private final Predictor predictor;
    private long nanos;
    private int evaluations;

    TimedPredictor(final Predictor predictor) {
        this.predictor = predictor;
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        final long start = System.nanoTime();
        final NDArray epsilon = predictor.epsilon(state, node);
        nanos += System.nanoTime() - start;
        evaluations++;
        return epsilon;
    }

    double seconds() {
        return nanos * 1e-9;
    }

    int evaluations() {
        return evaluations;
    }
}
