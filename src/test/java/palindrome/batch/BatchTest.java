package palindrome.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.io.FileSaver;
import ij.measure.ResultsTable;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.edit.Progress;
import palindrome.image.CommandRecord;
import palindrome.image.LatentStack;

/** A batch over small files, with the bundled model and with the tests' own command. */
class BatchTest {

    private static final String EDIT = "run(\"Diffusion Edit...\", \"steps=2 strength=1 guidance=9 target=nuclei\");";
    private static final String DEMO = "run(\"Diffusion Demo...\", \"steps=7\");";

    @TempDir
    private Path folder;

    private Path input;
    private Path output;

    @BeforeEach
    void folders() throws IOException {
        input = Files.createDirectory(folder.resolve("in"));
        output = folder.resolve("results/out");
    }

    private static ImagePlus image(final ImageProcessor pixels) {
        for (int i = 0; i < pixels.getPixelCount(); i++) pixels.setf(i, i * 37 % 251);
        return new ImagePlus("", pixels);
    }

    /** Every type and size, one with a selection, a compressed one, and what no folder is without. */
    private void fillFolder() throws IOException {
        final ImagePlus selected = image(new ByteProcessor(24, 16));
        selected.setRoi(new OvalRoi(4, 4, 10, 8));
        save(selected, "a.tif");
        save(image(new ShortProcessor(19, 23)), "b.tif");
        save(image(new FloatProcessor(16, 16)), "c.TIFF");
        png(new ColorProcessor(12, 9), input.resolve("d.png"));
        Files.writeString(input.resolve("notes.txt"), "no image");
        Files.writeString(input.resolve(".hidden.tif"), "no image");
        Files.createDirectory(input.resolve("sub.tif"));
    }

    private void save(final ImagePlus image, final String name) {
        assertTrue(new FileSaver(image).saveAsTiff(input.resolve(name).toString()));
    }

    private static void png(final ImageProcessor pixels, final Path file) throws IOException {
        assertTrue(ImageIO.write(image(pixels).getBufferedImage(), "png", file.toFile()));
    }

    private List<BatchRow> run(final String line) throws IOException {
        return run(line, Progress.NONE);
    }

    private List<BatchRow> run(final String line, final Progress progress) throws IOException {
        return new BatchRun(BatchPlan.of(input.toString(), output.toString(), "", line, false)).run(progress);
    }

    private static String statuses(final List<BatchRow> rows) {
        return rows.stream()
                .map(row -> row.file() + " " + row.status() + " " + row.output())
                .collect(Collectors.joining(", "));
    }

    private List<String> outputs() throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void folderOfAllTypesIsEditedAndResumed() throws IOException {
        fillFolder();
        Files.write(input.resolve("bad.tif"), Arrays.copyOf(Files.readAllBytes(input.resolve("b.tif")), 700));
        final List<BatchRow> rows = run(EDIT);
        assertEquals(
                "a.tif done a-edit.tif, b.tif done b-edit.tif, bad.tif failed , c.TIFF done c-edit.tif, d.png done"
                        + " d-edit.tif",
                statuses(rows));
        assertTrue(
                rows.get(2)
                        .message()
                        .matches("bad.tif is truncated: it has 700 bytes of at least 1\\d{3}\\. Copy it again\\."),
                rows.get(2).message());
        assertEquals(List.of("a-edit.tif", "b-edit.tif", "batch.csv", "c-edit.tif", "d-edit.tif"), outputs());

        final ImagePlus before = IJ.openImage(input.resolve("a.tif").toString());
        final ImagePlus edited = IJ.openImage(output.resolve("a-edit.tif").toString());
        int inside = 0;
        for (int i = 0; i < before.getProcessor().getPixelCount(); i++) {
            if (before.getProcessor().get(i) == edited.getProcessor().get(i)) continue;
            assertTrue(before.getRoi().contains(i % 24, i / 24), "pixel " + i + " is not selected");
            inside++;
        }
        assertTrue(inside > 20, inside + " pixels have changed");
        final CommandRecord record = CommandRecord.readFrom(edited).orElseThrow();
        assertTrue(
                record.line().matches("run\\(\"Diffusion Edit...\", \".*model=bundled .* target=nuclei .*"),
                record.line());
        assertEquals("a.tif", record.images().get("image").title());

        // again: what is there stays; what was lost, and what changed since, is made again, to the bit
        final byte[] b = Files.readAllBytes(output.resolve("b-edit.tif"));
        final byte[] c = Files.readAllBytes(output.resolve("c-edit.tif"));
        Files.delete(output.resolve("b-edit.tif"));
        final Path later = input.resolve("c.TIFF");
        Files.setLastModifiedTime(
                later,
                FileTime.from(Files.getLastModifiedTime(later).toInstant().plus(Duration.ofHours(1))));
        save(image(new ShortProcessor(9, 9)), "bad.tif");
        assertEquals(
                "a.tif skipped a-edit.tif, b.tif done b-edit.tif, bad.tif done bad-edit.tif, c.TIFF done"
                        + " c-edit.tif, d.png skipped d-edit.tif",
                statuses(run(EDIT)));
        assertArrayEquals(b, Files.readAllBytes(output.resolve("b-edit.tif")));
        assertFalse(Arrays.equals(c, Files.readAllBytes(output.resolve("c-edit.tif"))), "its record has the new time");
        assertArrayEquals(
                (float[]) IJ.openImage(output.resolve("c-edit.tif").toString())
                        .getProcessor()
                        .getPixels(),
                pixels(c));
    }

    private float[] pixels(final byte[] tiff) throws IOException {
        final Path copy = Files.write(folder.resolve("copy.tif"), tiff);
        return (float[]) IJ.openImage(copy.toString()).getProcessor().getPixels();
    }

    @Test
    void latentsAreMadeAndReconstructedToTheBit() throws IOException {
        save(image(new ShortProcessor(19, 23)), "b.tif");
        save(image(new ByteProcessor(24, 16)), "a.tif");
        run("run('Diffusion Invert...', 'steps=2');");
        assertTrue(
                LatentStack.isLatent(IJ.openImage(output.resolve("b-invert.tif").toString())));
        final Path back = folder.resolve("back");
        final BatchPlan plan = BatchPlan.of(output.toString(), back.toString(), "Reconstruct", "", false);
        assertEquals(
                "a-invert.tif done a-invert-reconstruct.tif, b-invert.tif done b-invert-reconstruct.tif",
                statuses(new BatchRun(plan).run(Progress.NONE)));
        assertArrayEquals(
                (short[]) IJ.openImage(input.resolve("b.tif").toString())
                        .getProcessor()
                        .getPixels(),
                (short[]) IJ.openImage(back.resolve("b-invert-reconstruct.tif").toString())
                        .getProcessor()
                        .getPixels());
        // the file takes the place of the image that the recorded line names
        final BatchPlan generate =
                BatchPlan.of(output.toString(), back.toString(), "Generate", "noise=gone prompt=nuclei", false);
        assertEquals(
                "a-invert.tif done a-invert-generate.tif, b-invert.tif done b-invert-generate.tif",
                statuses(new BatchRun(generate).run(Progress.NONE)));
    }

    @Test
    void furtherResultsAreSavedTooAndThoseInPlace() throws IOException {
        save(image(new ByteProcessor(16, 16)), "a.tif");
        assertEquals("a.tif done a-edit.tif", statuses(run(EDIT.replace("steps", "altered steps"))));
        assertEquals(List.of("a-edit-differences.tif", "a-edit-mask.tif", "a-edit.tif", "batch.csv"), outputs());
        final BatchPlan inPlace = BatchPlan.of(
                input.toString(), output + "2", "Edit", "inplace steps=2 strength=1 guidance=9 target=nuclei", false);
        assertEquals("a.tif done a-edit.tif", statuses(new BatchRun(inPlace).run(Progress.NONE)));
        assertArrayEquals(
                (byte[]) IJ.openImage(output + "/a-edit.tif").getProcessor().getPixels(),
                (byte[]) IJ.openImage(output + "2/a-edit.tif").getProcessor().getPixels());
    }

    @Test
    void secondsAreRoundedInTheTable() {
        final ResultsTable table = new ResultsTable();
        new BatchRow("a.tif", BatchRow.Status.FAILED, 8.9e-4, "", "It is damaged.").addTo(table);
        assertEquals("a.tif\tfailed\t0.00\t\tIt is damaged.", table.getRowAsString(0));
    }

    @Test
    void furtherImagesAreFilesBesideTheInput() throws IOException {
        save(image(new ByteProcessor(8, 8)), "a.tif");
        save(image(new ByteProcessor(8, 8)), "b.tif");
        Files.createDirectory(input.resolve("masks"));
        save(image(new ByteProcessor(4, 4)), "masks/mask of a.png.tif");
        final List<BatchRow> rows = run("run(\"Diffusion Demo...\", \"mask=[masks/mask of {name}.png.tif]\");");
        assertEquals("a.tif done a-demo.tif, b.tif failed ", statuses(rows));
        assertTrue(
                rows.get(1).message().matches("No image .* is open, and there is no file .*mask of b.png.tif\\."),
                rows.get(1).message());
        final ImagePlus demo = IJ.openImage(output.resolve("a-demo.tif").toString());
        assertEquals("a.tif|copy|50|0.5|1|false|mask of a.png.tif|bundled|", demo.getProp("inputs"));
    }

    @Test
    void listMayNameFilesAnywhere() throws IOException {
        final Path other = Files.createDirectory(folder.resolve("other"));
        save(image(new ByteProcessor(8, 8)), "a.tif");
        png(new ByteProcessor(8, 8), input.resolve("a.png"));
        save(image(new ByteProcessor(8, 8)), "../other/b.tif");
        final Path list = Files.writeString(
                folder.resolve("list.txt"),
                "# of today\nin/a.tif\n\n  in/a.png\n" + other.resolve("b.tif") + "\nin/gone.tif\n");
        final BatchPlan plan = BatchPlan.of(list.toString(), output.toString(), "", DEMO, false);
        final List<BatchRow> rows = new BatchRun(plan).run(Progress.NONE);
        assertEquals(
                "in/a.tif done a.tif-demo.tif, in/a.png done a.png-demo.tif, other/b.tif done b-demo.tif, in/gone.tif failed ",
                statuses(rows));
        assertEquals(
                "There is no file " + input.resolve("gone.tif") + ".",
                rows.get(3).message());
        Files.writeString(list, "in/a.tif\nother/a.tif\n");
        save(image(new ByteProcessor(8, 8)), "../other/a.tif");
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> BatchPlan.of(list.toString(), output.toString(), "", DEMO, false))
                .getMessage()
                .contains("have the same name"));
    }

    @Test
    void resultsOfAnotherLineAreKept() throws IOException {
        save(image(new ByteProcessor(8, 8)), "a.tif");
        run(DEMO);
        final byte[] first = Files.readAllBytes(output.resolve("a-demo.tif"));
        final String other = DEMO.replace("7", "8");
        final String sentence = "a-demo.tif is there already and was not made by this line: use another output folder,"
                + " or overwrite=true.";
        assertEquals(sentence, run(other).get(0).message());
        assertArrayEquals(first, Files.readAllBytes(output.resolve("a-demo.tif")));
        // the same line in other words
        assertEquals("a.tif skipped a-demo.tif", statuses(run("run('Diffusion Demo...', 'seed=1 steps=7')")));
        final BatchPlan overwriting = BatchPlan.of(input.toString(), output.toString(), "", other, true);
        assertEquals("a.tif done a-demo.tif", statuses(new BatchRun(overwriting).run(Progress.NONE)));
        assertFalse(Arrays.equals(first, Files.readAllBytes(output.resolve("a-demo.tif"))));
        // a file of somebody else's
        Files.writeString(output.resolve("a-demo.tif"), "mine");
        assertEquals(sentence, run(other).get(0).message());
        assertEquals("mine", Files.readString(output.resolve("a-demo.tif")));
    }

    @Test
    void everyFailureIsARowAndTheRestIsDone() throws IOException {
        save(image(new ByteProcessor(8, 8)), "z.tif");
        Files.writeString(input.resolve("empty.tif"), "");
        Files.writeString(input.resolve("text.png"), "no image");
        Files.write(input.resolve("cut.png"), cutPng());
        Files.writeString(input.resolve("text.jpg"), "no image");
        final List<BatchRow> rows = run(DEMO);
        assertEquals(
                "cut.png failed , empty.tif failed , text.jpg failed , text.png failed , z.tif done z-demo.tif",
                statuses(rows));
        for (final BatchRow row : rows.subList(0, 4))
            assertTrue(row.message().startsWith(row.file() + " is damaged"), row.message());
        final List<BatchRow> bugs = run("run('Diffusion Demo...', 'mode=bug')");
        assertTrue(
                bugs.get(4).message().startsWith("z-demo.tif is there already"),
                bugs.get(4).message());
        Files.delete(output.resolve("z-demo.tif"));
        assertEquals(
                "The demo refuses.",
                run("run('Diffusion Demo...', 'mode=sentence')").get(4).message());
        assertEquals(
                "Stopped by an internal error (java.lang.IndexOutOfBoundsException: index 7); the log has the details.",
                run("run('Diffusion Demo...', 'mode=bug')").get(4).message());
        final List<String> csv = Files.readAllLines(output.resolve("batch.csv"));
        assertEquals("File,Status,Seconds,Output,Message", csv.get(0));
        assertTrue(csv.get(5).matches("z.tif,failed,\\d+\\.\\d\\d,,Stopped by an internal error .*"), csv.get(5));
        assertEquals(6, csv.size());
    }

    private byte[] cutPng() throws IOException {
        final Path file = folder.resolve("whole.png");
        png(new ByteProcessor(64, 64), file);
        final byte[] whole = Files.readAllBytes(file);
        return Arrays.copyOf(whole, whole.length / 2);
    }

    @Test
    void csvIsQuoted() {
        final BatchRow row = new BatchRow("a,\"b\".tif", BatchRow.Status.DONE, 1.25, "c.tif", "two\nlines, one row");
        assertEquals("\"a,\"\"b\"\".tif\",done,1.25,c.tif,\"two lines, one row\"", row.csv());
    }

    /** Cancels when asked for the nth time. */
    private static final class Impatient implements Progress {

        private int patience;
        private final List<String> steps = new ArrayList<>();

        Impatient(final int patience) {
            this.patience = patience;
        }

        @Override
        public void stage(final String name) {
            steps.add(name);
        }

        @Override
        public void step(final long done, final long total) {
            steps.add(done + "/" + total);
        }

        @Override
        public boolean canceled() {
            return --patience < 0;
        }
    }

    @Test
    void canceledInTheMiddleItLeavesWholeFilesOnlyAndGoesOnLater() throws IOException {
        for (final String name : List.of("a.tif", "b.tif", "c.tif")) save(image(new ByteProcessor(8, 8)), name);
        Files.createDirectories(output);
        Files.writeString(output.resolve(".b-edit.tif.0815.part"), "of a killed process");
        final Impatient once = new Impatient(Integer.MAX_VALUE);
        run(EDIT, once);
        final int asked = Integer.MAX_VALUE - once.patience;
        for (final String name : outputs()) Files.delete(output.resolve(name));
        // in the middle of the second of three files
        final Impatient user = new Impatient(asked / 2);
        assertThrows(CancellationException.class, () -> run(EDIT, user));
        assertEquals(List.of("a-edit.tif", "batch.csv"), outputs());
        assertEquals(2, Files.readAllLines(output.resolve("batch.csv")).size());
        final Impatient next = new Impatient(Integer.MAX_VALUE);
        assertEquals(
                "a.tif skipped a-edit.tif, b.tif done b-edit.tif, c.tif done c-edit.tif", statuses(run(EDIT, next)));
        assertEquals(List.of("Looking for what is done", "Files", "1/2", "2/2"), next.steps);
    }

    /** Cancels a while after the first file was done: in the middle of the work on the second one. */
    private static final class CancelsInTheSecondFile implements Progress {

        private static final long WHILE = Duration.ofMillis(1500).toNanos();

        private long from;
        private boolean first;

        @Override
        public void stage(final String name) {
            // of a batch, files are what there is to see
        }

        @Override
        public void step(final long done, final long total) {
            first = true;
            from = System.nanoTime();
        }

        @Override
        public boolean canceled() {
            return first && System.nanoTime() - from > WHILE;
        }

        Duration waited() {
            return Duration.ofNanos(System.nanoTime() - from - WHILE);
        }
    }

    @Test
    void aFileOfMinutesIsGivenUpAndNothingOfItStays() throws IOException {
        save(image(new ByteProcessor(8, 8)), "a.tif");
        // some minutes with 60 steps and back
        save(image(new ByteProcessor(768, 768)), "b.tif");
        save(image(new ByteProcessor(8, 8)), "c.tif");
        final String line = EDIT.replace("steps=2", "altered steps=60");
        final CancelsInTheSecondFile user = new CancelsInTheSecondFile();
        assertThrows(CancellationException.class, () -> run(line, user));
        final Duration waited = user.waited();

        assertTrue(waited.toSeconds() < 15, waited.toString());
        final List<String> ofFirst = List.of("a-edit-differences.tif", "a-edit-mask.tif", "a-edit.tif", "batch.csv");
        assertEquals(ofFirst, outputs());
        final List<String> csv = Files.readAllLines(output.resolve("batch.csv"));
        assertEquals(2, csv.size());
        assertTrue(csv.get(1).startsWith("a.tif,done,"), csv.get(1));
        // the rest, without the minutes
        save(image(new ByteProcessor(8, 8)), "b.tif");
        assertEquals("a.tif skipped a-edit.tif, b.tif done b-edit.tif, c.tif done c-edit.tif", statuses(run(line)));
        assertEquals(4, Files.readAllLines(output.resolve("batch.csv")).size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "run('Invert')|'Invert' is no command of Palindrome's: it knows Diffusion Batch..., Diffusion Compare",
                "run('Diffusion Edit...', 'stesp=2')|'stesp' is not a parameter of Diffusion Edit: it knows image,",
                "run('Diffusion Edit...', 'steps=1')|'steps' is '1', but must be a whole number from 2 to 1000.",
                "run('Diffusion Edit...'); run('Quit');|'run('Diffusion Edit...'); run('Quit');' is not one macro line",
                "run('Diffusion Setup...')|Diffusion Setup takes no image, so it cannot run over files.",
                "run('Diffusion Batch...')|Diffusion Batch takes no image, so it cannot run over files.",
                "``|'line' is missing: it must be a macro line such as",
            })
    void linesThatCannotRunAreRefusedBeforeAnythingIsDone(final String line, final String sentence) {
        final String message =
                assertThrows(IllegalArgumentException.class, () -> run(line)).getMessage();
        assertTrue(message.startsWith(sentence), message);
        assertFalse(Files.exists(output));
    }

    @Test
    void foldersThatCannotBeAreRefused() throws IOException {
        final List<String> messages = new ArrayList<>();
        final Path file = Files.writeString(folder.resolve("file"), "");
        for (final String[] paths : new String[][] {
            {"", "x"},
            {input.toString(), ""},
            {folder.resolve("nowhere").toString(), "x"},
            {input.toString(), "x"},
            {file.toString(), "x"}
        })
            messages.add(assertThrows(
                            IllegalArgumentException.class, () -> BatchPlan.of(paths[0], paths[1], "Demo", "", false))
                    .getMessage());
        save(image(new ByteProcessor(8, 8)), "a.tif");
        messages.add(assertThrows(
                        IllegalArgumentException.class,
                        () -> BatchPlan.of(input.toString(), input + "/../in", "Demo", "", false))
                .getMessage());
        messages.add(
                assertThrows(IOException.class, () -> BatchPlan.of(input.toString(), file + "/out", "Demo", "", false))
                        .getMessage());
        assertEquals(
                List.of(
                        "'input' is missing: it must be a folder of images, or a text file with one path a line.",
                        "'output' is missing: it must be a folder for the results.",
                        "'input' is '" + folder.resolve("nowhere")
                                + "', but there is no such folder or list of files: check the path.",
                        "'input' is '" + input + "', which has no image file in it.",
                        "'input' is '" + file + "', which lists no file.",
                        "'output' is '" + input
                                + "/../in', where input files are too: use another folder, or results would become inputs.",
                        "The folder " + file
                                + "/out cannot be made: is there a file of that name, and may you write there?"),
                messages);
    }
}
