package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import palindrome.edit.CancelAfter;
import palindrome.edit.Progress;

/** The report of this computer, whatever it is. */
class SetupReportTest {

    private static final Path MODEL_CACHE = Path.of("models", "hub");
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "HF_TOKEN",
            "hf_secret",
            "DJL_SECRET_KEY",
            "also_secret",
            "HF_ENDPOINT",
            "https://me:mypassword@mirror.example/hub",
            "OMP_NUM_THREADS",
            "3",
            "LD_LIBRARY_PATH",
            System.getProperty("user.home") + "/lib:/opt/lib",
            "SHELL",
            "/bin/sh");

    private static String value(final String report, final String name) {
        final List<String> lines = report.lines()
                .filter(line -> line.matches(" {2}" + name + " {2,}.*"))
                .toList();
        assertEquals(1, lines.size(), name + " in\n" + report);
        return lines.get(0).substring(2 + name.length()).strip();
    }

    @Test
    void saysWhatItRunsOnAndWhy() throws IOException {
        final String report = new SetupReport("auto", MODEL_CACHE, ENVIRONMENT).text(false, Progress.NONE);
        assertTrue(value(report, "Java").startsWith(System.getProperty("java.version")));
        assertTrue(value(report, "ImageJ").matches("1\\.\\d+.*"));
        assertTrue(value(report, "Java memory").matches("[\\d.]+ GiB at most"));
        assertTrue(value(report, "libtorch").startsWith("2.7.1"));
        assertTrue(value(report, "device=auto").contains("auto: "));
        assertTrue(value(report, "cpu").matches(".* [\\d.]+ GiB of [\\d.]+ GiB available"));
        assertTrue(value(report, "threads").matches("\\d+"));
        assertTrue(report.contains("Hugging Face cache"));
        assertTrue(report.contains(MODEL_CACHE.toString()));
        assertFalse(report.contains("Self-test"));
        if (Files.exists(Path.of("/proc/self/maps"))) {
            assertTrue(report.lines().anyMatch(line -> line.matches("  loaded .*libtorch_cpu\\.so")), report);
            assertTrue(report.lines().anyMatch(line -> line.matches("  loaded .*libdjl_torch\\.so")), report);
        }
    }

    @Test
    void showsNoSecretsAndNoNameOfTheUser() throws IOException {
        final String report = new SetupReport("cpu", MODEL_CACHE, ENVIRONMENT).text(false, Progress.NONE);
        assertFalse(report.contains("secret"), report);
        assertFalse(report.contains("mypassword"), report);
        assertFalse(report.contains("SHELL"), report);
        assertEquals("https://mirror.example/hub", value(report, "HF_ENDPOINT"));
        assertEquals("~/lib:/opt/lib", value(report, "LD_LIBRARY_PATH"));
        assertEquals("3", value(report, "OMP_NUM_THREADS"));
        assertFalse(report.contains(System.getProperty("user.home") + "/"), report);
    }

    @Test
    void homeIsAFolderAndNotTheBeginningOfAName() {
        final PlainReport report = new PlainReport("/home/a");
        report.line("x", "/home/a /home/ab /home/a/b:/home/a");
        assertEquals("  x                     ~ /home/ab ~/b:~\n", report.toString());
    }

    @Test
    void testsItself() throws IOException {
        final String report = new SetupReport("cpu", MODEL_CACHE, ENVIRONMENT).text(true, Progress.NONE);
        assertTrue(value(report, "matrix product").matches("[\\d.]+ GFLOP/s, float32"), report);
        assertTrue(value(report, "network").matches("[\\d.]+ s an evaluation .*"), report);
        assertTrue(
                value(report, "round trip").matches("every bit came back, the same noise twice, noise [0-9a-f]{12}"),
                report);
        assertEquals("not used on a CPU", value(report, "half precision"));
    }

    @Test
    void canBeCanceled() {
        for (final int questions : new int[] {0, 1, 2, 4})
            assertThrows(CancellationException.class, () -> new SetupReport("cpu", MODEL_CACHE, ENVIRONMENT)
                    .text(true, new CancelAfter(questions)));
    }

    @Test
    void aDeviceThatIsNotThereIsRefused() {
        assertTrue(
                assertThrows(IllegalArgumentException.class, () -> new SetupReport("gpu:63", MODEL_CACHE, ENVIRONMENT)
                                .text(true, Progress.NONE))
                        .getMessage()
                        .startsWith("Device 'gpu:63' was asked for, but is not there: "));
    }
}
