package palindrome.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Precision;

class PrecisionChoiceTest {

    private static final DeviceChoice CPU = DeviceChoice.of("cpu");
    /** Only what is described is asked of it. */
    private static final DeviceChoice APPLE = new DeviceChoice(Device.of("mps", 0), "mps", "a test");

    @TempDir
    private Path folder;

    private PrecisionChoice choose(final String request, final DeviceChoice device) {
        return PrecisionChoice.of(request, device, MeasuredPrecisions.in(folder), () -> {
            throw new AssertionError("nothing is to be measured");
        });
    }

    @Test
    void onACpuHalfPrecisionIsNeverChosenAndRefused() {
        assertEquals(Precision.FLOAT32, choose("auto", CPU).precision());
        assertTrue(choose("auto", CPU).isAutomatic());
        assertEquals(Precision.FLOAT32, choose(" Float32 ", CPU).precision());
        assertFalse(choose("float32", CPU).isAutomatic());
        assertEquals(
                "Precision 'float16' was asked for on the CPU, which computes slower in half precision than in"
                        + " float32, on many processors a hundred times. Use precision=auto, or a GPU.",
                assertThrows(IllegalArgumentException.class, () -> choose("float16", CPU))
                        .getMessage());
        assertEquals(
                "Unknown precision 'half'. Use auto, float32 or float16.",
                assertThrows(IllegalArgumentException.class, () -> choose("half", CPU))
                        .getMessage());
        assertFalse(Files.exists(folder.resolve("precision.json")));
    }

    @Test
    void elsewhereAskingIsEnoughAndAutoFollowsWhatWasMeasured() {
        assertEquals(Precision.FLOAT16, choose("float16", APPLE).precision());
        assertEquals(
                Precision.FLOAT16,
                PrecisionChoice.fromTiming("auto", new PrecisionTiming(0.3, 0.1))
                        .precision());
        assertEquals(
                new PrecisionChoice(
                        Precision.FLOAT32, "auto", "auto: half precision was measured to be 1.10 times as fast here."),
                PrecisionChoice.fromTiming("auto", new PrecisionTiming(0.11, 0.1)));
    }

    @Test
    void eachDeviceIsMeasuredOnce() throws IOException {
        final PrecisionTiming timing = new PrecisionTiming(0.25, 0.125);
        final Path inside = folder.resolve("made/when/needed");
        assertEquals(timing, MeasuredPrecisions.in(inside).get("a \"GPU\", 2.7.1", () -> timing));
        assertEquals(
                new PrecisionTiming(3, 4),
                MeasuredPrecisions.in(inside).get("another", () -> new PrecisionTiming(3, 4)));
        assertEquals(timing, MeasuredPrecisions.in(inside).get("a \"GPU\", 2.7.1", () -> {
            throw new AssertionError("measured twice");
        }));
        try (var files = Files.list(inside)) {
            assertEquals(1, files.count(), "the file alone, nothing half-written");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "{\"d\": 3}",
                "{\"d\": {}}",
                "{\"d\": {\"float32Seconds\": -1, \"float16Seconds\": 1}}",
                "{\"d\": {\"float32Seconds\": \"x\", \"float16Seconds\": 1}}"
            })
    void aDamagedFileCostsAnotherMeasurement(final String content) throws IOException {
        Files.writeString(folder.resolve("precision.json"), content);
        final PrecisionTiming timing = new PrecisionTiming(1, 2);
        assertEquals(timing, MeasuredPrecisions.in(folder).get("d", () -> timing));
        assertEquals(timing, MeasuredPrecisions.in(folder).get("d", () -> {
            throw new AssertionError("measured twice");
        }));
    }

    @Test
    void aFolderThatCannotBeWrittenIsNoFailure() throws IOException {
        final Path file = Files.writeString(folder.resolve("taken"), "a file");
        final PrecisionTiming timing = new PrecisionTiming(1, 2);
        assertEquals(timing, MeasuredPrecisions.in(file).get("d", () -> timing));
    }

    @Test
    void aTrialTimesBothPrecisionsAndCanBeStopped() {
        final int[] evaluations = {0};
        final PrecisionTiming timing = new PrecisionTrial(32, 2, 16, 8).run(Device.cpu(), () -> evaluations[0]++);
        assertTrue(timing.float32() > 0 && timing.float16() > 0);
        assertEquals(14, evaluations[0]);
        assertThrows(CancellationException.class, () -> new PrecisionTrial(32, 2, 16, 8).run(Device.cpu(), () -> {
            throw new CancellationException();
        }));
    }

    @Test
    void settingsBelongWhereTheSystemKeepsThem() {
        final Path home = Path.of("home");
        assertEquals(
                home.resolve(".config").resolve("palindrome"), ConfigurationFolder.of(false, false, Map.of(), home));
        assertEquals(
                Path.of("xdg", "palindrome"),
                ConfigurationFolder.of(false, false, Map.of("XDG_CONFIG_HOME", "xdg"), home));
        assertEquals(
                home.resolve("Library").resolve("Application Support").resolve("palindrome"),
                ConfigurationFolder.of(false, true, Map.of(), home));
        assertEquals(
                Path.of("roaming", "palindrome"),
                ConfigurationFolder.of(true, false, Map.of("APPDATA", "roaming"), home));
    }
}
