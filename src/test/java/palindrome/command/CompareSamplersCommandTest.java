package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Plot;
import ij.io.Opener;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.module.Module;
import palindrome.edit.CancelAfter;
import palindrome.edit.Progress;
import palindrome.image.StackPlanes;
import palindrome.image.StackPosition;
import palindrome.model.TinyModel;

/** <i>Diffusion Compare Samplers...</i> on a tiny model. */
class CompareSamplersCommandTest {

    private static final String[] PLOTS = {"roundtrip", "accuracy", "speed", "overgamma", "overguidance"};

    @TempDir
    private static Path temp;

    private static String tiny;

    @BeforeAll
    static void write() throws IOException {
        tiny = TinyModel.write(Files.createDirectory(temp.resolve("tiny"))).toString();
    }

    @BeforeEach
    void clear() {
        ResultsTable.getResultsTable().reset();
    }

    private static CommandHarness compare() {
        return CommandHarness.compareSamplers()
                .with("model", tiny)
                .with("samplers", "O-BELM, BDIA, DDIM")
                .with("steps", "3 5")
                .with("prompt", "nuclei");
    }

    private static List<Integer> rows(final ResultsTable table, final String measurement, final String sampler) {
        final List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < table.size(); row++)
            if (table.getStringValue("Measurement", row).equals(measurement)
                    && table.getStringValue("Sampler", row).equals(sampler)) rows.add(row);
        return rows;
    }

    @Test
    void everySamplerIsMeasuredAndDrawn() throws IOException {
        final Path output = temp.resolve("new folder/out");
        final Module module = compare()
                .with("image", TestImage.GRAY16.make(16, 9))
                .with("output", output.toString())
                .run();
        assertEquals("", module.getOutput("notes"));
        final ResultsTable table = (ResultsTable) module.getOutput("results");
        for (final String sampler : List.of("O-BELM", "BDIA")) {
            final List<Integer> trips = rows(table, "round trip", sampler);
            assertEquals(6, trips.size(), "3 arithmetics at 2 numbers of steps");
            for (final int row : trips) {
                final String states = table.getStringValue("States", row);
                final double error = table.getValue("Max error", row);
                if (states.startsWith("int64")) assertEquals(0, error);
                else assertTrue(error > 0 && error < (states.equals("float32") ? 0.1 : 1e-9), states + " " + error);
                assertTrue(table.getValue("RMS error", row) <= error);
                assertTrue(Double.isNaN(table.getValue("Gamma", row)));
            }
            assertEquals(5, rows(table, "health over guidance", sampler).size());
        }
        assertEquals(2, rows(table, "round trip", "DDIM").size());
        assertTrue(table.getValue("Max error", rows(table, "round trip", "DDIM").get(0)) > 1e-4);
        for (final String sampler : List.of("O-BELM", "BDIA", "DDIM"))
            assertEquals(2, rows(table, "distance to ODE", sampler).size());
        final List<Integer> healths = rows(table, "health over gamma", "BDIA");
        assertEquals(0.5, table.getValue("Gamma", healths.get(0)));
        assertTrue(table.getValue("Latent rms", healths.get(0)) > 0);

        for (final String name : PLOTS) {
            final ImagePlus image = (ImagePlus) module.getOutput(name);
            assertNotNull(image, name);
            assertTrue(image.getProperty(Plot.PROPERTY_KEY) instanceof Plot, name + " opens as a plot");
        }
        final List<String> csv = Files.readAllLines(output.resolve("compare-samplers.csv"));
        assertEquals(table.size() + 1, csv.size());
        for (final String file :
                List.of("round-trips", "over-evaluations", "over-seconds", "over-gamma", "over-guidance")) {
            final ImagePlus png = new Opener()
                    .openImage(
                            output.resolve("compare-samplers-" + file + ".png").toString());
            assertTrue(png.getStatistics().stdDev > 1, file + " shows something");
        }
    }

    @Test
    void withoutAnImageOneIsGeneratedAndRowsAreAdded() {
        ResultsTable.getResultsTable().incrementCounter();
        final Module module = compare()
                .with("samplers", "o-belm")
                .with("steps", "4,3")
                .with("size", 8)
                .run();
        final ResultsTable table = (ResultsTable) module.getOutput("results");
        assertEquals(1 + 6 + 2 + 5, table.size());
        assertNull(module.getOutput("overgamma"), "only BDIA has a gamma");
    }

    @Test
    void everySamplerRunsAndWhatCannotIsNoted() {
        final Module module = compare()
                .with("samplers", "all")
                .with("steps", "2")
                .with("size", 8)
                .with("prompt", "")
                .run();
        final String notes = (String) module.getOutput("notes");
        assertTrue(notes.contains("Left out BDIA-DPM-Solver++ 2S, 2 steps"), notes);
        assertTrue(notes.contains("Without a prompt guidance does nothing"), notes);
        final ResultsTable table = (ResultsTable) module.getOutput("results");
        for (final String sampler : List.of("O-BELM", "BDIA-EDM Heun", "EDICT", "Cycle-SDE", "DDIM", "EDM Heun"))
            assertFalse(rows(table, "round trip", sampler).isEmpty(), sampler);
        assertTrue(rows(table, "distance to ODE", "Cycle-SDE").isEmpty(), "its path is random");
    }

    @Test
    void mistakesAreNamed() throws IOException {
        assertEquals(
                "'steps' is '10 x', but must be whole numbers from 2 to 1000, such as 10 20 50.",
                compare().with("steps", "10 x").failure());
        assertTrue(compare().with("steps", "1").failure().contains("'steps' is '1'"));
        assertTrue(compare().with("samplers", "O-BELM, Euler").failure().startsWith("Unknown sampler ' Euler'"));
        final Path file = Files.writeString(temp.resolve("taken"), "a file");
        assertTrue(compare()
                .with("output", file.resolve("out").toString())
                .failure()
                .contains("given for 'output' cannot be made"));
    }

    @Test
    void cancelsBeforeAnyNetworkCall() {
        for (final int questions : new int[] {0, 5, 60}) {
            final CancelAfter user = new CancelAfter(questions);
            assertThrows(CancellationException.class, () -> compare()
                    .with("image", TestImage.RGB.make(8, 8))
                    .report(user)
                    .run());
            assertEquals(questions + 1, user.asked());
        }
    }

    @Test
    void oneBarCoversAllRuns() {
        final List<Long> done = new ArrayList<>();
        final List<Long> totals = new ArrayList<>();
        compare()
                .with("image", TestImage.RGB.make(8, 8))
                .report(new Progress() {
                    @Override
                    public void stage(final String name) {
                        done.clear();
                        totals.clear();
                    }

                    @Override
                    public void step(final long count, final long total) {
                        done.add(count);
                        totals.add(total);
                    }

                    @Override
                    public boolean canceled() {
                        return false;
                    }
                })
                .run();
        assertEquals(1, totals.stream().distinct().count());
        assertEquals(done.stream().sorted().toList(), done);
        assertTrue(
                done.get(done.size() - 1) > 0.95 * totals.get(0), done.get(done.size() - 1) + " of " + totals.get(0));
    }

    @Test
    void ofAStackThePlaneThatIsShownIsMeasured() {
        final ImagePlus stack = TestImage.hyperstack(16, 9);
        final ImagePlus plane = StackPlanes.plane(stack, StackPosition.currentOf(stack));
        final List<Double> ofPlane = health(plane);
        assertEquals(ofPlane, health(stack));
        stack.setPosition(1, 1, 1);
        assertNotEquals(ofPlane, health(stack));
    }

    private static List<Double> health(final ImagePlus image) {
        ResultsTable.getResultsTable().reset();
        final ResultsTable table = (ResultsTable) compare()
                .with("samplers", "O-BELM")
                .with("steps", "3")
                .with("image", image)
                .run()
                .getOutput("results");
        return rows(table, "health over guidance", "O-BELM").stream()
                .map(row -> table.getValue("Latent rms", row))
                .toList();
    }
}
