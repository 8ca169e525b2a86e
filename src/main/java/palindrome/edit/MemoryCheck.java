package palindrome.edit;

import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import palindrome.engine.DeviceChoice;
import palindrome.engine.DeviceMemory;
import palindrome.guide.GuidanceEvaluation;
import palindrome.model.DiffusionModel;
import palindrome.model.TilePlan;

/** Compares what a run will take, about, with what there is, before the work instead of after it. */
final class MemoryCheck {

    /** States in float64 that a sampler holds at once. */
    private static final int STATES = 4;

    private MemoryCheck() {}

    /**
     * @param opened the model to run
     * @param state shape of the state, [B, C, H, W]
     * @param plan the windows in which the network sees it
     * @param guidanceScale which takes two evaluations unless it is 0 or 1
     * @return a warning if it may not fit
     */
    static Optional<String> of(
            final OpenedModel opened, final Shape state, final TilePlan plan, final double guidanceScale) {
        final RunConfiguration configuration = opened.configuration();
        final boolean together =
                configuration.guidance() == GuidanceEvaluation.BATCHED && guidanceScale != 0 && guidanceScale != 1;
        final DiffusionModel model = opened.model();
        final long need =
                model.evaluationBytes(state.get(0) * (together ? 2 : 1), (int) state.get(2), (int) state.get(3), plan)
                        + STATES * Double.BYTES * state.size();
        return of(need, DeviceMemory.of(configuration.device().device()).available(), configuration.device());
    }

    static Optional<String> of(final long need, final long available, final DeviceChoice device) {
        return need <= available
                ? Optional.empty()
                : Optional.of("The memory may not suffice: an image of this size takes about "
                        + DeviceMemory.gibibytes(need) + " on " + device.name() + ", where "
                        + DeviceMemory.gibibytes(available) + " are available.");
    }
}
