package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.task.TaskService;
import palindrome.image.Provenance;

/** <i>Reconstruct(Invert(x)) == x</i>, every pixel, with the bundled model. */
class RoundTripTest {

    static Stream<Arguments> typesAndSamplers() {
        final String[][] samplers = {{"O-BELM", "auto"}, {"BDIA", "auto"}, {"BDIA", "0.5"}, {"EDICT", "auto"}};
        return Stream.of(TestImage.values()).flatMap(type -> Stream.of(samplers)
                .flatMap(s -> Stream.of(1.0, 3.0).map(guidance -> Arguments.of(type, s[0], s[1], guidance))));
    }

    @ParameterizedTest
    @MethodSource("typesAndSamplers")
    void everyPixelComesBack(final TestImage type, final String sampler, final String gamma, final double guidance) {
        final ImagePlus image = type.make(37, 22);
        final int[] before = TestImage.bits(image);
        final ImagePlus latent = CommandHarness.invert(image)
                .with("sampler", sampler)
                .with("gamma", gamma)
                .with("guidance", guidance)
                .with("steps", 4)
                .with("prompt", "fluorescence microscopy, many nuclei")
                .image();
        assertEquals("cells-latent", latent.getTitle());
        assertEquals(ImagePlus.GRAY32, latent.getType());
        final Module module =
                CommandHarness.reconstruct(latent).with("original", image).run();
        final ImagePlus again = (ImagePlus) module.getOutput("reconstructed");
        CommandHarness.assertSamePixels(image, again);
        assertArrayEquals(before, TestImage.bits(image));
        assertLooksLike(image, again);
        assertEquals("", module.getOutput("notes"));
        final ResultsTable results = (ResultsTable) module.getOutput("results");
        assertEquals(0, results.getValue("Max difference", results.size() - 1));
        assertEquals(0, results.getValue("Different pixels", results.size() - 1));
    }

    private static void assertLooksLike(final ImagePlus original, final ImagePlus again) {
        assertEquals("cells-reconstructed", again.getTitle());
        assertTrue(
                original.getCalibration().equals(again.getCalibration()),
                again.getCalibration().toString());
        assertEquals(original.getDisplayRangeMin(), again.getDisplayRangeMin());
        assertEquals(original.getDisplayRangeMax(), again.getDisplayRangeMax());
        if (original.getType() != ImagePlus.COLOR_RGB)
            assertArrayEquals(
                    original.getProcessor().getLut().getBytes(),
                    again.getProcessor().getLut().getBytes());
    }

    @ParameterizedTest
    @EnumSource
    void onePixelComesBack(final TestImage type) {
        assertComesBack(type.make(1, 1), "O-BELM", 3, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "O-BELM, 8, 0.5",
        "BDIA, 8, 0.5",
        "EDICT, 8, 0.5",
        "O-BELM, 2, 1",
        "BDIA, 2, 1",
        "EDICT, 2, 1",
        // fewer steps than the sampler needs are rounded up
        "O-BELM, 5, 0.1",
        "EDICT, 5, 0.1",
        "O-BELM, 10, 1"
    })
    void anyStrengthAndNumberOfStepsComesBack(final String sampler, final int steps, final double strength) {
        assertComesBack(TestImage.RGB.make(16, 33), sampler, steps, strength);
    }

    /** Every other exact sampler, with its own numbers, through the latent image. */
    @ParameterizedTest
    @CsvSource({
        "BDIA-DPM-Solver++ 2S, auto, auto, auto, 7",
        "BDIA-EDM Euler, 0.8, auto, auto, 6",
        "BDIA-EDM Heun, 1, auto, auto, 5",
        "BELM, 0.3, auto, auto, 6",
        "BELM, '0.9 -0.4,0.7', auto, auto, 4",
        "EDICT, auto, 0.9, auto, 5",
        "Cycle-SDE, auto, auto, auto, 6",
        "Cycle-SDE, auto, auto, 0.5, 5",
        "CycleDiffusion, auto, auto, auto, 6"
    })
    void theWholeFamilyComesBack(
            final String sampler, final String gamma, final String mixing, final String eta, final int steps) {
        final ImagePlus image = TestImage.RGB.make(16, 17);
        final Module inverted = CommandHarness.invert(image)
                .with("sampler", sampler)
                .with("gamma", gamma)
                .with("mixing", mixing)
                .with("eta", eta)
                .with("steps", steps)
                .with("guidance", 3)
                .with("verify", true)
                .with("prompt", "histology microscopy")
                .run();
        final ResultsTable health = (ResultsTable) inverted.getOutput("results");
        assertEquals(0, health.getValue("Round-trip error", health.size() - 1));
        assertEquals(sampler, health.getStringValue("Sampler", health.size() - 1));
        final Module module = CommandHarness.reconstruct((ImagePlus) inverted.getOutput("latent"))
                .with("original", image)
                .run();
        CommandHarness.assertSamePixels(image, (ImagePlus) module.getOutput("reconstructed"));
        assertEquals("", module.getOutput("notes"));
    }

    @Test
    void healthIsReportedInTheTableAndTheRecord() throws IOException {
        final Module inverted = CommandHarness.invert(TestImage.RGB.make(24, 16))
                .with("steps", 10)
                .run();
        final ResultsTable table = (ResultsTable) inverted.getOutput("results");
        final int row = table.size() - 1;
        assertTrue(table.getValue("Latent rms", row) > 0);
        assertEquals(12, table.getStringValue("Channel rms", row).split(" ").length);
        assertTrue(table.getValue("KS distance", row) > 0 && table.getValue("KS distance", row) < 1);
        assertTrue(table.getValue("Amplification", row) > 1);
        assertTrue(Double.isNaN(table.getValue("Round-trip error", row)));
        final String json = Provenance.readFrom((ImagePlus) inverted.getOutput("latent"))
                .orElseThrow()
                .toJson();
        for (final String key : new String[] {"channelRms", "kolmogorovSmirnov", "alternation", "amplification"})
            assertTrue(json.contains(key), key + " in " + json);
    }

    @Test
    void theCurrentPlaneOfAHyperstackComesBack() {
        final ImagePlus image = TestImage.hyperstack(20, 12);
        final ImagePlus again = assertComesBack(image, "O-BELM", 3, 1);
        assertEquals(1, again.getStackSize());
        assertEquals("plane 4", again.getStack().getSliceLabel(1));
        assertEquals(100, again.getDisplayRangeMin());
        assertEquals(5000, again.getDisplayRangeMax());
    }

    @Test
    void titlesAndInfoOfTheOriginalAreKept() {
        final ImagePlus image = TestImage.GRAY8.make(9, 8);
        image.setProperty("Info", "Objective: 20x\nStain: DAPI \u00b5\n");
        final ImagePlus again = assertComesBack(image, "O-BELM", 2, 1);
        assertTrue(again.getInfoProperty().startsWith("Objective: 20x\nStain: DAPI \u00b5\n"), again.getInfoProperty());
        assertTrue(again.getInfoProperty().contains("Palindrome: reconstruct"), again.getInfoProperty());
    }

    @Test
    void syntheticImagesComeBackAsSynthetic() throws IOException {
        final ImagePlus made = CommandHarness.generate()
                .with("width", 8)
                .with("height", 8)
                .with("steps", 2)
                .image();
        final ImagePlus again = assertComesBack(made, "O-BELM", 2, 1);
        assertEquals(
                "diffusion generated",
                Provenance.readFrom(again).orElseThrow().text("synthetic").orElseThrow());
        final ImagePlus real = assertComesBack(TestImage.RGB.make(8, 8), "O-BELM", 2, 1);
        assertFalse(Provenance.readFrom(real).orElseThrow().isSynthetic());
    }

    @Test
    void scriptsReachTheSameThroughCommandService() throws InterruptedException, ExecutionException {
        final ImagePlus image = TestImage.GRAY16.make(11, 13);
        try (Context context = new Context(CommandService.class, TaskService.class)) {
            final CommandService commands = context.service(CommandService.class);
            final Object latent = commands.run(InvertCommand.class, false, "image", image, "steps", 3)
                    .get()
                    .getOutput("latent");
            final Object again = commands.run(ReconstructCommand.class, false, "image", latent)
                    .get()
                    .getOutput("reconstructed");
            CommandHarness.assertSamePixels(image, (ImagePlus) again);
        }
    }

    @Test
    void constantImagesComeBack() {
        for (final TestImage type : TestImage.values()) {
            final ImagePlus image = type.make(8, 8);
            image.getProcessor().setValue(7);
            image.getProcessor().fill();
            image.resetDisplayRange();
            assertComesBack(image, "O-BELM", 3, 1);
        }
    }

    private static ImagePlus assertComesBack(
            final ImagePlus image, final String sampler, final int steps, final double strength) {
        final ImagePlus latent = CommandHarness.invert(image)
                .with("sampler", sampler)
                .with("steps", steps)
                .with("strength", strength)
                .image();
        final ImagePlus again = CommandHarness.reconstruct(latent).image();
        CommandHarness.assertSamePixels(image, again);
        return again;
    }
}
