package palindrome.edit;

import java.util.Optional;
import palindrome.engine.DeviceChoice;
import palindrome.engine.DeviceMemory;

/** Compares what a run will take, about, with what there is, before the work instead of after it. */
final class MemoryCheck {

    private MemoryCheck() {}

    /**
     * @param need bytes that the run takes at once besides the weights, about
     * @param device where it runs
     * @return a warning if it may not fit
     */
    static Optional<String> of(final long need, final DeviceChoice device) {
        return of(need, DeviceMemory.of(device.device()).available(), device);
    }

    static Optional<String> of(final long need, final long available, final DeviceChoice device) {
        return need <= available
                ? Optional.empty()
                : Optional.of("The memory may not suffice: an image of this size takes about "
                        + DeviceMemory.gibibytes(need) + " on " + device.name() + ", where "
                        + DeviceMemory.gibibytes(available) + " are available.");
    }
}
