package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationMemoryTest {

    private static final double MEBI = 1 << 20;

    /**
     * Growth of a process without the pages of its files, measured once on Linux with two threads, in the first
     * evaluation of a network of Stable Diffusion 1 and in the first one with a gradient, MiB.
     */
    @ParameterizedTest
    @CsvSource({"32, 277, 599", "64, 352, 1749"})
    void theEstimateIsNearWhatWasMeasured(final int side, final double evaluation, final double gradient) {
        final EvaluationMemory memory = new EvaluationMemory(UNet2DConditionConfig.fromJson(
                JsonParser.parseString("{'cross_attention_dim': 768}").getAsJsonObject()));
        assertEquals(1, mebibytes(memory.elements(1, side, side)) / evaluation, 0.1);
        assertEquals(1, mebibytes(memory.gradientElements(1, side, side)) / gradient, 0.25);
        assertTrue(memory.elements(2, side, side) > memory.elements(1, side, side));
    }

    private static double mebibytes(final long elements) {
        return elements * Float.BYTES / MEBI;
    }
}
