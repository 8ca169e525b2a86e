package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import palindrome.sampler.SamplerChoice;
import picocli.CommandLine;

/** The benchmark runs to its end, and its figures mean what they say. */
class RoundTripSpeedTest {

    @Test
    void arithmeticIsWhatTheNetworkDidNotTake() {
        final RoundTrip trip = new RoundTrip(SamplerChoice.O_BELM, 4, 1.05, 1, true, "");
        assertEquals(0.05, trip.arithmeticShare(), 1e-12);
        assertEquals(0.25, trip.secondsPerEvaluation(), 1e-12);
    }

    @Test
    void theMedianIsNotMovedByOneSlowRun() {
        assertEquals(2, Median.of(List.of(1.0, 900.0, 2.0), s -> s));
        assertEquals(1.5, Median.of(List.of(2.0, 1.0), s -> s));
    }

    @Test
    void theBenchmarkRuns() {
        final StringWriter text = new StringWriter();
        final int status = new CommandLine(new Benchmark())
                .setOut(new PrintWriter(text))
                .execute("--steps", "2", "--size", "32", "--repeat", "2");
        assertEquals(0, status, text.toString());
        assertTrue(text.toString().contains("warm JVM"), text.toString());
        for (final String sampler : List.of("O-BELM", "BDIA", "EDICT"))
            assertTrue(
                    text.toString().lines().anyMatch(line -> line.startsWith(sampler) && line.contains("yes")),
                    text.toString());
    }
}
