package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ij.ImagePlus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import palindrome.edit.CancelAfter;

/**
 * What the operating system says: many commands, good and bad, leave no memory
 * behind. A bundled model that is not freed is 20 MB a command.
 */
class ResidentMemoryTest {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int ROUNDS = 8;
    private static final int WARM_UP = 3;
    private static final long ALLOWED_MB = 100;

    private final ImagePlus image = TestImage.RGB.make(16, 16);

    @Test
    void commandsLeaveNothingBehind() throws IOException {
        assumeTrue(Files.exists(STATUS), "only Linux tells");
        for (int i = 0; i < WARM_UP; i++) round();
        final long before = anonymousMegabytes();
        for (int i = 0; i < ROUNDS; i++) round();
        final long grown = anonymousMegabytes() - before;
        assertTrue(grown < ALLOWED_MB, ROUNDS + " rounds of 5 commands took " + grown + " MB");
    }

    private void round() {
        final ImagePlus latent = CommandHarness.invert(image).with("steps", 2).image();
        CommandHarness.reconstruct(latent).run();
        CommandHarness.generate()
                .with("width", 16)
                .with("height", 16)
                .with("steps", 2)
                .run();
        CommandHarness.edit(image).with("sampler", "BDIA").with("gamma", "2").failure();
        assertThrows(
                CancellationException.class,
                () -> CommandHarness.edit(image).report(new CancelAfter(2)).run());
    }

    /** Memory that is no mapped file, in MB: heap, natives, stacks. */
    private static long anonymousMegabytes() throws IOException {
        System.gc();
        return Files.readAllLines(STATUS).stream()
                        .filter(line -> line.startsWith("RssAnon:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024;
    }
}
