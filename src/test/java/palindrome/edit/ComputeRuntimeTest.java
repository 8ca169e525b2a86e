package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Precision;
import palindrome.engine.TorchEngine;
import palindrome.guide.GuidanceEvaluation;

/** Latents of other computers, which this one does not have to be able to reconstruct. */
class ComputeRuntimeTest {

    private static final ComputeRuntime HERE = ComputeRuntime.of(RunConfiguration.of(DeviceChoice.of("cpu")));

    private static ComputeRuntime made(final String device, final Precision precision, final int threads) {
        return new ComputeRuntime(
                device,
                precision,
                GuidanceEvaluation.BATCHED,
                AutoencoderTiling.TILED,
                HERE.pytorch(),
                threads,
                HERE.platform());
    }

    @Test
    void whatIsRecordedIsUsed() {
        final RunConfiguration configuration = made("cpu", Precision.FLOAT16, 2).configurationOn(" auto ");
        assertEquals("cpu", configuration.device().name());
        assertEquals(Precision.FLOAT16, configuration.precision());
        assertEquals(GuidanceEvaluation.BATCHED, configuration.guidance());
        assertEquals(AutoencoderTiling.TILED, configuration.autoencoder());
        assertEquals(List.of(), HERE.differencesTo(ComputeRuntime.of(HERE.configurationOn("auto"))));
    }

    @Test
    void aDeviceThatIsNotHereIsNotReplaced() {
        final ComputeRuntime elsewhere = made("gpu:63", Precision.FLOAT16, 2);
        assertEquals(
                "The latent was made on gpu:63 (" + HERE.platform() + "), which is not here. Reconstruct it there for"
                        + " every bit, or use device=cpu for nearly the same image.",
                assertThrows(IllegalArgumentException.class, () -> elsewhere.configurationOn("auto"))
                        .getMessage());
        // who names the CPU gets it, and in the precision that it can compute in
        final RunConfiguration onCpu = elsewhere.configurationOn("cpu");
        assertEquals("cpu", onCpu.device().name());
        assertEquals(Precision.FLOAT32, onCpu.precision());
        assertEquals(
                List.of("device gpu:63 there, cpu here", "precision float16 there, float32 here"),
                elsewhere.differencesTo(new ComputeRuntime(
                        "cpu",
                        Precision.FLOAT32,
                        GuidanceEvaluation.BATCHED,
                        AutoencoderTiling.TILED,
                        HERE.pytorch(),
                        2,
                        HERE.platform())));
    }

    @Test
    void threadsCount() {
        assertEquals(TorchEngine.start().threads(), HERE.threads());
        assertEquals(
                List.of("threads 98 there, 99 here"),
                made("cpu", Precision.FLOAT32, 98).differencesTo(made("cpu", Precision.FLOAT32, 99)));
    }
}
