package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import palindrome.engine.DeviceChoice;
import palindrome.model.ModelCatalog;

class MemoryCheckTest {

    /** Growth of the process in one evaluation, measured once on Linux with two threads, in MiB. */
    private static final double AT_512 = 160;

    private static final double AT_1024 = 584;
    private static final double TWO_AT_512 = 287;

    @Test
    void theEstimateIsNearWhatWasMeasured() throws IOException {
        try (OpenedModel model = OpenedModel.open(ModelCatalog.BUNDLED, "cpu", Progress.NONE)) {
            assertNear(AT_512, model.model().unet().evaluationBytes(1, 256, 256));
            assertNear(AT_1024, model.model().unet().evaluationBytes(1, 512, 512));
            assertNear(TWO_AT_512, model.model().unet().evaluationBytes(2, 256, 256));
            assertTrue(model.model().unet().evaluationBytes(1, 255, 255)
                    <= model.model().unet().evaluationBytes(1, 256, 256));
        }
    }

    private static void assertNear(final double measured, final long estimate) {
        final double mebibytes = estimate / (double) (1 << 20);
        assertEquals(1, mebibytes / measured, 0.2, mebibytes + " MiB against " + measured);
    }

    @Test
    void warnsBeforeTheWorkOnlyWhereItMayNotFit() {
        final DeviceChoice cpu = DeviceChoice.of("cpu");
        assertEquals(Optional.empty(), MemoryCheck.of(1L << 30, 1L << 30, cpu));
        assertEquals(
                Optional.of("The memory may not suffice: an image of this size takes about 3.0 GiB on cpu, where 2.5"
                        + " GiB are available."),
                MemoryCheck.of(3L << 30, 5L << 29, cpu));
    }
}
