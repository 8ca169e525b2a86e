package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.HeldBackImages;
import palindrome.model.TinyModel;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;

/** The program that fills the evaluation document. */
class EvaluateSamplersTest {

    @TempDir
    private Path folder;

    private String run(final int expected, final String... args) {
        final StringWriter text = new StringWriter();
        final PrintWriter writer = new PrintWriter(text);
        final int status =
                EvaluateSamplers.program().setOut(writer).setErr(writer).execute(args);
        assertEquals(expected, status, text.toString());
        return text.toString();
    }

    @Test
    void everyPartIsWrittenAndRerunsReplaceIt() throws IOException {
        final String tiny =
                TinyModel.write(Files.createDirectory(folder.resolve("tiny"))).toString();
        final Path docs = Files.createDirectory(folder.resolve("docs"));
        Files.writeString(
                docs.resolve("evaluation.md"),
                "# Title\n\n<!-- begin exact-inversion -->\nold\n<!-- end exact-inversion -->\n\nText stays.\n");
        final String[] args = {
            "--docs",
            docs.toString(),
            "--model",
            tiny,
            "--device",
            "cpu",
            "--size",
            "32",
            "--evaluations",
            "4,8",
            "--invert",
            "1",
            "--samples",
            "2",
            "--groups",
            "2",
            "--references",
            "4",
            "--fine-steps",
            "16",
            "--mixture-samples",
            "2000"
        };
        run(0, args);
        final String document = Files.readString(docs.resolve("evaluation.md"));
        assertTrue(document.startsWith("# Title\n\n<!-- begin exact-inversion -->\n| Sampler | States |"), document);
        assertTrue(document.contains("\nText stays.\n"));
        assertFalse(document.contains("\nold\n"));
        assertTrue(document.contains("| O-BELM | exact | 0 | 0 |"), document);
        // 4 steps of null-text: the pivot, at most 13 evaluations a step to search, and two a step to come back
        assertTrue(
                document.lines()
                        .filter(line -> line.startsWith("| Null-text, guidance 7.5 | 4 |"))
                        .anyMatch(line -> evaluations(line) >= 4 * (1 + 1 + 1 + 2 + 2)
                                && evaluations(line) <= 4 * (1 + 1 + 10 + 2 + 2)),
                document);
        assertTrue(
                document.contains("<!-- begin order-model-nearest -->\n- 4 evaluations, the nearest first: "),
                document);
        for (final String name : List.of(
                "exact-inversion",
                "cost",
                "order-analytic",
                "order-model",
                "quality",
                "divergence-gaussian",
                "divergence-mixture",
                "edited-latents",
                "inpainting",
                "variation")) {
            assertTrue(document.contains("<!-- begin " + name + " -->\n| "), name);
            assertTrue(
                    Files.readAllLines(docs.resolve("evaluation/" + name + ".csv"))
                                    .size()
                            > 2,
                    name);
        }
        for (final String name :
                List.of("exact-inversion", "order-analytic", "order-model", "order-model-seconds", "quality"))
            assertTrue(
                    new Opener()
                                    .openImage(docs.resolve("images/evaluation/" + name + ".png")
                                            .toString())
                                    .getStatistics()
                                    .stdDev
                            > 1,
                    name);
        run(0, concat(args, "--only", "inversion"));
        final String again = Files.readString(docs.resolve("evaluation.md"));
        assertEquals(
                document.lines().filter(line -> line.startsWith("<!--")).toList(),
                again.lines().filter(line -> line.startsWith("<!--")).toList());
    }

    private static int evaluations(final String row) {
        return Integer.parseInt(row.split(" \\| ")[2]);
    }

    private static String[] concat(final String[] args, final String... more) {
        final String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return all;
    }

    @Test
    void oddBudgetsAreRefused() {
        assertTrue(run(2, "--docs", folder.toString(), "--evaluations", "5")
                .contains("--evaluations has 5; use even numbers from 4 up."));
    }

    /** Of the trainer's data set only what the trainer holds back, of one modality. */
    @Test
    void onlyImagesTheModelNeverSawAreTaken() throws IOException {
        Files.createDirectory(folder.resolve("images"));
        final StringBuilder index = new StringBuilder("file,modality\n");
        int heldBack = 0;
        for (int i = 0; i < 100; i++) {
            final String name = "image" + i + ".png";
            final boolean dark = i % 2 == 0;
            index.append(name).append(dark ? ",fluorescence\n" : ",histology\n");
            if (!HeldBackImages.contains(name) || !dark) continue;
            heldBack++;
            final ByteProcessor pixels = new ByteProcessor(40, 40);
            pixels.set(20, 20, 50);
            for (int x = 0; x < 20; x++) for (int y = 0; y < 40; y++) pixels.set(x, y, 100);
            new FileSaver(new ImagePlus("", pixels))
                    .saveAsPng(folder.resolve("images").resolve(name).toString());
        }
        assertTrue(heldBack > 0);
        Files.writeString(folder.resolve("index.csv"), index);
        final List<ColorProcessor> crops = new ImageFolder(folder, "fluorescence").crops(40, 2 * heldBack);
        assertEquals(2 * heldBack, crops.size());
        assertEquals(0xffffff, crops.get(0).get(0, 0) & 0xffffff, "brightened");
        assertEquals(0, crops.get(0).get(39, 0) & 0xffffff);
    }

    /** The published orders on normal data. */
    @Test
    void errorsOnNormalDataAreThePublishedOnes() {
        final SamplerSettings settings = SamplerSettings.defaults();
        assertEquals(1.32e-2, AnalyticError.of(SamplerChoice.DDIM, settings, 80), 1e-4);
        assertEquals(5.08e-4, AnalyticError.of(SamplerChoice.O_BELM, settings, 80), 3e-6);
        assertEquals(2.08e-4, AnalyticError.of(SamplerChoice.BDIA, settings.withGamma(1), 80), 2e-6);
        assertEquals(8.30e-3, AnalyticError.of(SamplerChoice.EDICT, settings.withMixing(.93), 80), 5e-5);
    }

    @Test
    void verdictsNeedTwoStandardErrors() {
        assertEquals(2, Estimate.of(1, 2, 3).mean());
        assertEquals(1 / Math.sqrt(3), Estimate.of(1, 2, 3).error(), 1e-12);
        // what the groups have in common does not count
        final double[] low = {1, 11, 21};
        final double[] high = {2, 12.5, 22};
        assertEquals(
                "x: 11.0 ± 6 against 12.2 ± 6, a difference of 1.17 ± 0.2, **holds**.", Estimate.claim("x", low, high));
        assertTrue(Estimate.claim("x", high, low).endsWith("**does not hold**."));
        assertTrue(Estimate.claim("x", low, new double[] {2, 10, 22}).endsWith("undecided."));
        assertTrue(Estimate.claim("x", new double[] {1}, new double[] {5}).endsWith("undecided."));
        assertEquals("0", Estimate.text(0));
    }
}
