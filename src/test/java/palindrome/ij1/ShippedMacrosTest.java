package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The macros that ship, run headless in ImageJ as a user of the jar would, with few steps. */
class ShippedMacrosTest {

    private static final Path MACROS = Path.of("macros").toAbsolutePath();
    private static final Path SAMPLES = Path.of("sample-images").toAbsolutePath();
    private static final List<String> PHANTOMS = List.of(
            "phantom-nuclei-8bit.tif",
            "phantom-nuclei-16bit.tif",
            "phantom-histology-rgb.tif",
            "phantom-hyperstack.tif");

    @TempDir
    private Path folder;

    private ChildJvm.Result run(final Path macro, final String argument) {
        return new ChildJvm(folder, ChildJvm.testClassPath())
                .run(
                        // the models of whoever runs this test are not listed
                        Map.of(
                                "OMP_WAIT_POLICY", "PASSIVE",
                                "HF_HUB_CACHE", folder.resolve("hub").toString(),
                                "XDG_CONFIG_HOME", folder.resolve("config").toString()),
                        Launcher.class.getName(),
                        List.of(macro.toString(), argument).toArray(new String[0]));
    }

    private ChildJvm.Result succeed(final String macro, final String argument) {
        final ChildJvm.Result result = run(MACROS.resolve(macro), argument);
        assertEquals(0, result.status(), result.out() + result.err());
        return result;
    }

    private static ImagePlus open(final Path file) {
        assertTrue(Files.exists(file), file.toString());
        return new Opener().openImage(file.toString());
    }

    private static Object pixels(final Path file) {
        return open(file).getProcessor().getPixels();
    }

    /** The macro language has no libraries, so each macro has its own copy. */
    @Test
    void helpersAreTheSameInAllMacros() throws IOException {
        for (final String helper : List.of("option", "endOfOptions", "isHeadless", "makeFolder")) {
            final Pattern text = Pattern.compile("(?ms)^function " + helper + "\\(.*?^}$");
            final Map<String, List<String>> macros = new HashMap<>();
            try (Stream<Path> files = Files.list(MACROS)) {
                for (final Path file : files.sorted().toList())
                    text.matcher(Files.readString(file))
                            .results()
                            // what a macro knows it says itself
                            .forEach(match -> macros.computeIfAbsent(match.group(), key -> new ArrayList<>())
                                    .add(file.getFileName().toString()));
            }
            assertEquals(1, macros.size(), helper + ": " + macros.values());
        }
    }

    @Test
    void fileNamesMayHaveBracketsAndBlanks() throws IOException {
        final Path image = folder.resolve("cells [1] b.tif");
        Files.copy(SAMPLES.resolve("phantom-nuclei-16bit.tif"), image);
        final Path output = folder.resolve("out [2]/of it");
        succeed(
                "Edit_by_Prompt.ijm",
                "image=[" + image + "] output=[" + output + "] steps=2 selection=20,20,40,40 target=[nuclei]");
        assertTrue(Files.exists(output.resolve("cells [1] b-edited.tif")));
    }

    @Test
    void everySamplerReturnsThe16BitImage() {
        final Path output = folder.resolve("two words/out");
        final Path image = SAMPLES.resolve("phantom-nuclei-16bit.tif");
        final ChildJvm.Result result = succeed(
                "Invert_Reconstruct_Measure.ijm",
                "image=[" + image + "] output=[" + output + "] steps=2 prompt=[nuclei]");
        for (final String sampler : List.of("O-BELM", "BDIA", "EDICT")) {
            assertTrue(
                    result.out().lines().anyMatch(line -> line.matches(" +" + sampler + " +2 +0 +0 +0 +Infinity .*")),
                    result.out());
            final ImagePlus back = open(output.resolve("phantom-nuclei-16bit-reconstructed-" + sampler + ".tif"));
            assertArrayEquals(
                    (short[]) pixels(image), (short[]) back.getProcessor().getPixels());
            assertEquals(0.325, back.getCalibration().pixelWidth, 1e-6);
            assertEquals(
                    32,
                    open(output.resolve("phantom-nuclei-16bit-latent-" + sampler + ".tif"))
                            .getBitDepth());
            final ImagePlus difference = open(output.resolve("phantom-nuclei-16bit-difference-" + sampler + ".tif"));
            assertEquals(0, difference.getStatistics().min);
            assertEquals(0, difference.getStatistics().max);
        }
        assertEquals(3, result.out().lines().filter("    min 0, max 0"::equals).count(), result.out());
        assertTrue(result.out().contains("Every reconstruction equals the image in every pixel."), result.out());
    }

    @Test
    void editKeepsEveryPixelOutsideOfTheSelection() {
        final Path image = SAMPLES.resolve("phantom-histology-rgb.tif");
        // this much guidance shows in every pixel, whatever the model
        final ChildJvm.Result result = succeed(
                "Edit_by_Prompt.ijm",
                "image=[" + image + "] output=[" + folder + "] steps=2 strength=1 guidance=30 selection=64,64,64,64"
                        + " source=[] target=[histology microscopy, many small bright nuclei]");
        assertTrue(result.out().contains("of these outside of the selection: 0\n"), result.out());
        assertFalse(result.out().contains("pixels changed: 0 of"), result.out());
        final int[] before = (int[]) pixels(image);
        final int[] after = (int[]) pixels(folder.resolve("phantom-histology-rgb-edited.tif"));
        int changed = 0;
        for (int i = 0; i < before.length; i++) {
            if (before[i] == after[i]) continue;
            changed++;
            assertTrue(i % 256 >= 64 && i % 256 < 128 && i / 256 >= 64 && i / 256 < 128, "pixel " + i);
        }
        assertTrue(changed > 100, changed + " pixels changed");
    }

    @Test
    void whereNothingIsSelectedTheMiddleIsRepainted() {
        final ChildJvm.Result result = succeed("Inpaint_Selection.ijm", "output=[" + folder + "] steps=2");
        assertTrue(result.out().contains("of these outside of the selection: 0\n"), result.out());
        assertFalse(result.out().contains("pixels changed: 0 of"), result.out());
    }

    @Test
    void selectionsAreRepaintedAndNothingElse() {
        final Path image = SAMPLES.resolve("phantom-nuclei-16bit.tif");
        final ChildJvm.Result result = succeed(
                "Inpaint_Selection.ijm",
                "image=[" + image + "] output=[" + folder + "] steps=2 selection=30,30,20,20;150,110,16,16");
        assertTrue(result.out().contains("of these outside of the selection: 0\n"), result.out());
        final short[] before = (short[]) pixels(image);
        final short[] after = (short[]) pixels(folder.resolve("phantom-nuclei-16bit-inpainted.tif"));
        final int[] changed = new int[2];
        for (int i = 0; i < before.length; i++) {
            if (before[i] == after[i]) continue;
            final int x = i % 200;
            final int y = i / 200;
            final boolean first = x >= 30 && x < 50 && y >= 30 && y < 50;
            assertTrue(first || x >= 150 && x < 166 && y >= 110 && y < 126, "pixel " + i);
            changed[first ? 0 : 1]++;
        }
        assertTrue(changed[0] > 100 && changed[1] > 50, changed[0] + " and " + changed[1] + " pixels changed");
    }

    @Test
    void variationsOfStrengthZeroAreTheImage() throws IOException {
        final Path image = SAMPLES.resolve("phantom-nuclei-16bit.tif");
        succeed(
                "Vary_Image.ijm",
                "image=[" + image + "] output=[" + folder + "] steps=3 count=2 method=Cycle-SDE strengths=[0 0.7]");
        final ImagePlus same = open(folder.resolve("phantom-nuclei-16bit-varied-0.tif"));
        assertEquals(2, same.getStackSize());
        for (int n = 1; n <= 2; n++)
            assertArrayEquals((short[]) pixels(image), (short[]) same.getStack().getPixels(n));
        final List<String> table = Files.readAllLines(folder.resolve("phantom-nuclei-16bit-varied.csv"));
        assertEquals("strength,seed,rms difference", table.get(0));
        assertEquals("0,1,0.000000", table.get(1));
        assertEquals("0,2,0.000000", table.get(2));
        assertTrue(table.get(3).matches("0.7,1,\\d+[.]\\d+") && !table.get(3).endsWith(",0.000000"), table.get(3));
    }

    @Test
    void theMaskIsRepainted() {
        final Path image = SAMPLES.resolve("phantom-nuclei-8bit.tif");
        final ChildJvm.Result result =
                succeed("Mask_and_Inpaint.ijm", "image=[" + image + "] output=[" + folder + "] maps=2 steps=2 grow=2");
        assertTrue(result.out().contains("pixels changed outside of the selection: 0\n"), result.out());
        final byte[] mask = (byte[]) pixels(folder.resolve("phantom-nuclei-8bit-mask.tif"));
        final byte[] before = (byte[]) pixels(image);
        final byte[] after = (byte[]) pixels(folder.resolve("phantom-nuclei-8bit-inpainted.tif"));
        int masked = 0;
        int changed = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] == 0) continue;
            masked++;
            if (before[i] != after[i]) changed++;
        }
        assertTrue(masked > 2000 && changed > masked / 2, changed + " of " + masked + " masked pixels changed");
        assertEquals(32, open(folder.resolve("phantom-nuclei-8bit-heatmap.tif")).getBitDepth());
    }

    @Test
    void nucleiAreDraggedAndMeasured() {
        final ChildJvm.Result result = succeed("Drag_Nuclei.ijm", "output=[" + folder + "] steps=10 strength=0.3");
        assertTrue(
                result.out()
                        .lines()
                        .anyMatch(line -> line.matches(
                                "handle 28,51->52,36: centroid from 2[78]\\.\\d,5[01]\\.\\d to .*, \\d+ % of the way")),
                result.out());
        final ImagePlus dragged = open(folder.resolve("phantom-nuclei-8bit-dragged.tif"));
        assertEquals(96, dragged.getWidth());
        assertTrue(dragged.getInfoProperty().contains("Palindrome handles: 28,51->52,36\n"));
    }

    @Test
    void editsOfEveryKindAreComparedSideBySide() {
        final Path image = SAMPLES.resolve("phantom-nuclei-8bit.tif");
        final ChildJvm.Result result = succeed(
                "Edit_by_Attention.ijm",
                "image=[" + image + "] output=[" + folder
                        + "] steps=2 strength=1 guidance=30 self=1 weights=[nuclei:3 many:0.5]"
                        + " source=[few dim nuclei] target=[many bright nuclei]");
        assertTrue(result.out().lines().anyMatch(line -> line.matches("free +[1-9][0-9.]* +0\\.000 +")), result.out());
        // the bundled model attends to all words alike
        assertTrue(
                result.out().lines().anyMatch(line -> line.matches("words +[1-9][0-9.]* +0\\.000 +cross=.*")),
                result.out());
        assertTrue(
                result.out()
                        .lines()
                        .anyMatch(line ->
                                line.matches("places .*self=\\[1\\]") && !line.matches("places +[0-9.]+ +0\\.000 .*")),
                result.out());
        final byte[] free = (byte[]) pixels(folder.resolve("phantom-nuclei-8bit-free.tif"));
        assertArrayEquals(free, (byte[]) pixels(folder.resolve("phantom-nuclei-8bit-words.tif")));
        assertFalse(java.util.Arrays.equals(free, (byte[]) pixels(folder.resolve("phantom-nuclei-8bit-weights.tif"))));
        final ImagePlus strip = open(folder.resolve("phantom-nuclei-8bit-strip.png"));
        assertTrue(strip.getWidth() >= 6 * 256 && strip.getHeight() >= 256, strip.toString());
    }

    @Test
    void seriesIsCountedImageByImage() throws IOException {
        final String argument =
                "output=[" + folder + "] steps=2 width=48 height=40 seed=5 count=3 prompt=[many small bright nuclei]";
        succeed("Generate_Series.ijm", argument);
        final ImagePlus series = open(folder.resolve("generated-series.tif"));
        assertEquals(3, series.getStackSize());
        assertEquals(48, series.getWidth());
        assertEquals(40, series.getHeight());
        final List<String> table = Files.readAllLines(folder.resolve("generated-series.csv"));
        assertEquals("seed,nuclei,mean area,mean level", table.get(0));
        assertEquals(4, table.size());
        for (int n = 0; n < 3; n++)
            assertTrue(table.get(n + 1).matches(5 + n + ",\\d+,[0-9.]+,[0-9.]+"), table.get(n + 1));
    }

    @Test
    void nucleiAreWhereTheMacroDrawsThem() {
        final ChildJvm.Result result = succeed(
                "Draw_Nuclei.ijm",
                "output=[" + folder
                        + "] steps=6 width=128 height=96 count=3 seed=2 prompt=[fluorescence microscopy, nuclei]");
        final ImagePlus drawing = open(folder.resolve("nuclei.tif"));
        assertEquals(3, drawing.getOverlay().size());
        assertTrue(open(folder.resolve("drawn-nuclei.tif"))
                .getInfoProperty()
                .contains("Palindrome control: nuclei (rois, 128 x 96), ControlNet bundled, scale 1.0"));
        assertTrue(level(result, "drawn-nuclei", 1) > level(result, "drawn-nuclei", 2) + 20, result.out());
        assertTrue(level(result, "without-drawing", 1) < level(result, "drawn-nuclei", 1), result.out());
    }

    /** A number of the macro's table. */
    private static double level(final ChildJvm.Result result, final String row, final int column) {
        final String line = result.out()
                .lines()
                .filter(text -> text.startsWith(row + " "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(result.out()));
        return Double.parseDouble(line.split(" +")[column]);
    }

    @Test
    void nucleiAreCountedAsImageJCountsThem() throws IOException {
        // the phantom in place of a generated image: the macro's counting alone
        final Path macros = Files.createDirectories(folder.resolve("macros"));
        final String source = Files.readString(MACROS.resolve("Generate_Series.ijm"));
        final String generate = source.substring(source.indexOf("run(\"Diffusion"), source.indexOf("seconds ="));
        final Path counting = Files.writeString(
                macros.resolve("count.ijm"),
                source.replace(
                        generate,
                        "open('"
                                + SAMPLES.resolve("phantom-nuclei-8bit.tif")
                                        .toString()
                                        .replace("\\", "/")
                                + "'); run('Gaussian Blur...', 'sigma=2'); run('Duplicate...', 'title=a'); run('Duplicate...', 'title=b');"
                                + " run('Images to Stack');\n"));
        final ChildJvm.Result result = run(counting, "output=[" + folder + "] count=3");
        assertEquals(0, result.status(), result.out() + result.err());
        final List<String> table = Files.readAllLines(folder.resolve("generated-series.csv"));
        final String[] first = table.get(1).split(",");
        final int nuclei = Integer.parseInt(first[1]);
        assertTrue(nuclei > 20 && nuclei < 45, table.toString());
        for (int n = 2; n <= 3; n++)
            assertEquals(
                    first[1] + "," + first[2], table.get(n).split(",", 2)[1].replaceAll(",[^,]*$", ""));
    }

    @Test
    void imagesAreInterpolatedAndStandAtTheEnds() {
        final ChildJvm.Result result = succeed("Interpolate_Images.ijm", "output=[" + folder + "] steps=2 count=3");
        assertTrue(result.out().contains("first end: 0, at the second end: 0"), result.out());
        assertEquals(3, open(folder.resolve("interpolated.tif")).getStackSize());
    }

    @Test
    void samplersAreComparedAndDrawn() throws IOException {
        final ChildJvm.Result result =
                succeed("Compare_Samplers.ijm", "output=[" + folder + "] steps=[2 3] size=16 samplers=[O-BELM, DDIM]");
        assertTrue(
                result.out().lines().anyMatch(line -> line.matches(" +O-BELM +int64 lattice.* 2 +0 .*")), result.out());
        assertTrue(Files.readAllLines(folder.resolve("compare-samplers.csv")).size() > 10, result.out());
        assertTrue(open(folder.resolve("compare-samplers-round-trips.png")).getStatistics().stdDev > 1);
    }

    @Test
    void folderIsEditedAndResumed() throws IOException {
        final Path input = Files.createDirectory(folder.resolve("my images"));
        final ImagePlus phantom = open(SAMPLES.resolve("phantom-nuclei-16bit.tif"));
        phantom.setRoi(60, 60, 32, 24);
        assertTrue(
                new FileSaver(phantom.crop()).saveAsTiff(input.resolve("a.tif").toString()));
        final Path out = folder.resolve("out");
        final String options = "input=[" + input + "] output=[" + out + "] operation=Edit"
                + " line=[steps=2 strength=0.9 target=[many bright nuclei]]";
        final String printed = succeed("Batch.ijm", options).out();
        assertTrue(printed.startsWith("done a.tif a-edit.tif"), printed);
        final byte[] result = Files.readAllBytes(out.resolve("a-edit.tif"));
        Files.writeString(input.resolve("b.tif"), "no image");
        final ChildJvm.Result again = run(MACROS.resolve("Batch.ijm"), options);
        assertEquals(1, again.status());
        assertTrue(again.out().contains("skipped a.tif a-edit.tif\nfailed b.tif b.tif is damaged"), again.out());
        assertTrue(again.err().contains("The macro stopped: 1 of 2 files failed."), again.err());
        assertArrayEquals(result, Files.readAllBytes(out.resolve("a-edit.tif")));
    }

    @Test
    void modelsAreListedAndVerified() {
        final ChildJvm.Result result = succeed("List_Models.ijm", "verify=bundled");
        assertTrue(
                result.out().lines().anyMatch(line -> line.matches("bundled +[0-9.]+ +bsd-2-clause +ready")),
                result.out());
        assertTrue(result.out().contains("Ready to use: 1 of 1."), result.out());
        assertTrue(result.out().contains("unet/diffusion_pytorch_model.safetensors"), result.out());
    }

    @Test
    void savedLatentIsReopenedAndEditedTwice() {
        final Path image = SAMPLES.resolve("phantom-nuclei-8bit.tif");
        final ChildJvm.Result result = succeed(
                "Save_Reopen_Edit_Twice.ijm",
                "image=[" + image + "] output=[" + folder + "] steps=2 strength=1 guidance=30");
        assertTrue(result.out().contains("  reconstructed: 0\n"), result.out());
        final byte[] original = (byte[]) pixels(image);
        assertArrayEquals(original, (byte[]) pixels(folder.resolve("phantom-nuclei-8bit-reconstructed.tif")));
        final byte[] first = (byte[]) pixels(folder.resolve("phantom-nuclei-8bit-edited-1.tif"));
        final byte[] second = (byte[]) pixels(folder.resolve("phantom-nuclei-8bit-edited-2.tif"));
        assertFalse(java.util.Arrays.equals(original, first));
        assertFalse(java.util.Arrays.equals(first, second), "the two prompts make two images");
    }

    @Test
    void phantomsAreMadeAgainPixelByPixel() {
        final ChildJvm.Result result = run(SAMPLES.resolve("make-phantoms.ijm"), folder.toString());
        assertEquals(0, result.status(), result.out() + result.err());
        for (final String phantom : PHANTOMS) {
            final ImagePlus shipped = open(SAMPLES.resolve(phantom));
            final ImagePlus made = open(folder.resolve(phantom));
            assertEquals(shipped.getStackSize(), made.getStackSize());
            for (int n = 1; n <= made.getStackSize(); n++)
                assertEquals(
                        0,
                        palindrome.evaluate.PixelComparison.of(
                                        shipped.getStack().getProcessor(n),
                                        made.getStack().getProcessor(n))
                                .differentPixels(),
                        phantom + " plane " + n);
        }
    }

    @Test
    void misspelledOptionIsNamed() {
        final ChildJvm.Result result = run(MACROS.resolve("Edit_by_Prompt.ijm"), "step=3");
        assertNotEquals(0, result.status());
        assertTrue(
                result.err().contains("'step=3' is not an option of this macro: it knows image, output, steps,"),
                result.err());
    }

    @Test
    void folderThatCannotBeMadeIsNamed() throws IOException {
        final Path file = Files.writeString(folder.resolve("taken"), "a file");
        final ChildJvm.Result result = run(MACROS.resolve("Demo.ijm"), "steps=2 output=[" + file.resolve("out") + "]");
        assertNotEquals(0, result.status());
        assertTrue(result.err().contains("cannot be made"), result.err());
    }

    /** A link to a device that takes no byte is a full disk for whoever writes to it. */
    @Test
    void fullDiskFailsTheDemo() throws IOException {
        final Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.isWritable(full), "only Linux has a device that is always full");
        Files.createSymbolicLink(folder.resolve("phantom-nuclei-8bit-latent-O-BELM.tif"), full);
        final ChildJvm.Result result = run(MACROS.resolve("Demo.ijm"), "steps=2 output=[" + folder + "]");
        assertNotEquals(0, result.status(), result.out());
        assertTrue(result.err().contains("No space left"), result.err());
        assertFalse(result.out().contains("Every reconstruction"), result.out());
    }
}
