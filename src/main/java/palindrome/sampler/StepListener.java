package palindrome.sampler;

/** Told before the first and after every network evaluation of a run; the place to show progress and to cancel. */
@FunctionalInterface
public interface StepListener {

    /** Listens to nothing. */
    StepListener NONE = (done, total) -> {};

    /**
     * @param done evaluations made so far, from 0 (before the first) to
     *          {@code total}
     * @param total evaluations of the whole run
     * @throws java.util.concurrent.CancellationException to stop the run; all its
     *           native memory is freed
     */
    void evaluated(int done, int total);
}
