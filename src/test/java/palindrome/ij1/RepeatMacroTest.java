package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** <i>Diffusion Repeat...</i> and <i>Diffusion History</i> in macros of a real, headless ImageJ. */
class RepeatMacroTest {

    private static final String TARGET = "target=[fluorescence microscopy, many \"small\" nuclei]";

    /** Same type, size and pixels, or how many differ. */
    private static final String DIFFERENCES =
            "function differences(a, b) { selectImage(a); w = getWidth(); h = getHeight(); d = bitDepth();\n"
                    + " selectImage(b); if (w != getWidth() || h != getHeight() || d != bitDepth()) return 'other size';\n"
                    + " count = 0; for (y = 0; y < h; y++) for (x = 0; x < w; x++) {\n"
                    + "  selectImage(a); v = getPixel(x, y); selectImage(b); if (v != getPixel(x, y)) count++; }\n"
                    + " return count; }\n";

    private static final String CELLS =
            "close('*'); newImage('cells', '16-bit ramp', 24, 20, 1); setMinAndMax(100, 40000);\n";

    @TempDir
    private Path folder;

    /** @param cases macro and what it prints with its end, alternating; a star stands for the rest of a line */
    private void check(final String... cases) throws IOException {
        final List<String> files = new ArrayList<>();
        final StringBuilder expected = new StringBuilder();
        for (int i = 0; i < cases.length; i += 2) {
            files.add(Files.writeString(folder.resolve(i + ".ijm"), cases[i]).toString());
            expected.append(cases[i + 1]).append('\n');
        }
        final ChildJvm.Result result = new ChildJvm(folder, ChildJvm.testClassPath())
                .option("-Dorg.slf4j.simpleLogger.defaultLogLevel=error")
                .option("-DDJL_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"))
                .run(Map.of("OMP_WAIT_POLICY", "PASSIVE"), ManyMacros.class.getName(), files.toArray(new String[0]));
        assertEquals(0, result.status(), result.err());
        assertLinesMatch(
                expected.toString()
                        .lines()
                        .map(line -> Pattern.quote(line).replace("*", "\\E.*\\Q"))
                        .toList(),
                result.out().lines().toList(),
                result.err());
    }

    private static String error(final String sentence) {
        return "-- Macro Error: Diffusion Repeat: " + sentence + (sentence.endsWith("*") ? "" : " in line *");
    }

    /** In one ImageJ, whose start takes longest. */
    @Test
    void repeats() throws IOException {
        check(Stream.of(
                        repeatedUnchangedItIsTheSameToTheBit(),
                        everyValueCanBeChangedAndMistakesAreSentences(),
                        planesAndContrastsAreAsTheyWere(),
                        whateverWentInIsFoundAgain())
                .flatMap(Stream::of)
                .toArray(String[]::new));
    }

    private String[] repeatedUnchangedItIsTheSameToTheBit() {
        final String edit = "makeOval(4, 4, 12, 10);\n"
                + "run('Diffusion Edit...', 'sampler=Cycle-SDE steps=2 strength=1 guidance=9 seed=3 " + TARGET + "');\n"
                + "print(getTitle());\n";
        return new String[] {
            CELLS
                    + edit
                    // neither the contrast nor the selection is the same any more
                    + "selectImage('cells'); setMinAndMax(0, 65535); makeRectangle(1, 2, 3, 4);\n"
                    + "run('Diffusion Repeat...', 'image=cells-edited');\n"
                    + "print(getTitle() + ' ' + differences('cells-edited', 'cells-edited-1')\n"
                    + " + ' ' + (differences('cells', 'cells-edited') > 50));\n"
                    // and the user gets back what was there
                    + "selectImage('cells'); getSelectionBounds(x, y, w, h); getMinAndMax(min, max);\n"
                    + "print(x + ' ' + y + ' ' + w + ' ' + h + ' ' + min + ' ' + max);\n"
                    // a result of a result, of a closed and opened file
                    + "selectImage('cells-edited-1'); saveAs('Tiff', '" + folder
                    + "/kept.tif'); close('cells-edited*');\n"
                    + "run('Diffusion Repeat...'); print(getTitle() + ' ' + differences('kept.tif', 'cells-edited'));\n"
                    // by its pixels, whatever its title
                    + "selectImage('cells'); rename('renamed');\n"
                    + "run('Diffusion Repeat...', 'image=kept.tif');\n"
                    + "print(getTitle() + ' ' + differences('kept.tif', 'renamed-edited'));\n"
                    + "print(Property.get('Palindrome macro'));\n"
                    + DIFFERENCES,
            "cells-edited\ncells-edited-1 0 1\n1 2 3 4 0 65535\ncells-edited 0\nrenamed-edited 0\n"
                    + "run(\"Diffusion Edit...\", \"*sampler=Cycle-SDE steps=2 * strength=1 guidance=9 *seed=3 * source=[]"
                    + " target=[fluorescence microscopy, many \\\"small\\\" nuclei] negative=[]\");\n-- success"
        };
    }

    private String[] everyValueCanBeChangedAndMistakesAreSentences() {
        final String edit = CELLS + "run('Diffusion Edit...', 'steps=2 strength=1 target=nuclei');\n"
                + "newImage('other', '8-bit ramp', 16, 16, 1); makeRectangle(0, 0, 8, 16);\n";
        return new String[] {
            edit
                    // on another image with its own selection
                    + "run('Diffusion Repeat...', 'image=cells-edited on=other steps=3 seed=7');\n"
                    + "print(getTitle() + ' ' + bitDepth() + ' ' + matches(Property.get('Palindrome macro'),"
                    + " '.* steps=3 .*strength=1 .* seed=7 .*target=nuclei .*'));\n"
                    + "changed = 0; for (x = 8; x < 16; x++) for (y = 0; y < 16; y++) { v = getPixel(x, y);\n"
                    + " selectImage('other'); if (v != getPixel(x, y)) changed++; selectImage('other-edited'); }\n"
                    + "print(changed);\n"
                    // the same, named, has the selection that it has now
                    + "selectImage('cells'); makeRectangle(0, 0, 4, 4);\n"
                    + "run('Diffusion Repeat...', 'image=cells-edited on=cells');\n"
                    + "print(getTitle() + ' ' + (differences('cells-edited', 'cells-edited-1') > 50));\n"
                    + DIFFERENCES,
            "other-edited 8 1\n0\ncells-edited-1 1\n-- success",
            edit + "run('Diffusion Repeat...', 'image=cells-edited step=3');",
            error("'step' is not a parameter of Diffusion Edit: it knows image,*"),
            edit + "run('Diffusion Repeat...', 'image=cells-edited steps=1');",
            error("'steps' is '1', but must be a whole number from 2 to 1000"),
            edit + "run('Diffusion Repeat...');",
            error("'other' does not say which command made it: choose an image that a command of Palindrome made"),
            edit + "run('Diffusion Repeat...', 'image=nosuch');",
            error("'image' names the image 'nosuch', but no such image is open"),
            edit + "run('Diffusion Repeat...', 'image=cells-edited on=nosuch');",
            error("'on' names the image 'nosuch', but no such image is open"),
            edit + "close('cells'); run('Diffusion Repeat...', 'image=cells-edited');",
            error("'cells', which was the image, is not open: open it, or name another one with on=title"),
            edit + "selectImage('cells'); run('Invert'); run('Diffusion Repeat...', 'image=cells-edited');",
            error("'cells', which was the image, has changed since: undo that, or name another one with on=title"),
            "close('*'); run('Diffusion Repeat...');",
            error("No image is open: open a result first")
        };
    }

    private String[] planesAndContrastsAreAsTheyWere() {
        final String stack = "close('*'); newImage('stack', '16-bit composite-mode ramp', 24, 20, 2, 3, 1);\n"
                + "for (c = 1; c <= 2; c++) { Stack.setPosition(c, 1, 1); setMinAndMax(10 * c, 30000 * c); }\n"
                + "Stack.setPosition(2, 3, 1); makeOval(2, 2, 14, 12); Roi.setPosition(2, 3, 1);\n";
        final String mess = "selectImage('stack'); run('Select None');\n"
                + "for (c = 1; c <= 2; c++) { Stack.setPosition(c, 1, 1); setMinAndMax(0, 500); }\n";
        return new String[] {
            stack
                    + "run('Diffusion Edit...', 'steps=2 strength=1 guidance=9 target=nuclei');\n"
                    + mess
                    + "run('Diffusion Repeat...', 'image=stack-edited');\n"
                    + "print(getTitle() + ' ' + differences('stack-edited', 'stack-edited-1'));\n"
                    + "selectImage('stack'); Stack.getPosition(c, z, t); getMinAndMax(min, max);\n"
                    + "print(c + ' ' + z + ' ' + selectionType() + ' ' + min + ' ' + max);\n"
                    // all planes were read, so one that is not shown counts
                    + mess.replace("500", "40000")
                    + "run('Diffusion Edit...', 'planes=slices channels=all steps=2 strength=1 guidance=9 target=nuclei');\n"
                    + "rename('all');" + mess.replace("500", "700")
                    + "run('Diffusion Repeat...', 'image=all'); rename('again'); sum = 0;\n"
                    + "for (c = 1; c <= 2; c++) for (z = 1; z <= 3; z++) {\n"
                    + " selectImage('all'); Stack.setPosition(c, z, 1); selectImage('again'); Stack.setPosition(c, z, 1);\n"
                    + " sum = sum + differences('all', 'again'); }\n"
                    + "print(nSlices + ' ' + sum + ' ' + (differences('stack', 'all') > 50));\n"
                    + "selectImage('stack'); Stack.setPosition(1, 2, 1); v = getPixel(3, 3); setPixel(3, 3, v + 1); updateDisplay();\n"
                    + "Stack.setPosition(2, 3, 1);\n"
                    + "run('Diffusion Repeat...', 'image=all');\n"
                    + DIFFERENCES,
            "stack-edited-1 0\n2 1 -1 0 500\n6 0 1\n"
                    + error("'stack', which was the image, has changed since: undo that, or name another one with"
                            + " on=title"),
            // a mask of one plane for chosen planes of a stack, and two stacks that stand elsewhere when it is repeated
            "close('*'); newImage('stack', '8-bit composite-mode ramp', 24, 20, 2, 3, 1);\n"
                    + "newImage('mask', '8-bit black', 24, 20, 1); makeRectangle(4, 4, 9, 9); run('Set...', 'value=255');\n"
                    + "run('Select None'); selectImage('stack');\n"
                    + "run('Diffusion Inpaint...', 'planes=slices channels=2 steps=2 selection=mask');\n"
                    + "run('Diffusion Repeat...');\n"
                    + "sum = 0; for (z = 1; z <= 3; z++) { selectImage('stack-inpainted'); setSlice(z);\n"
                    + " selectImage('stack-inpainted-1'); setSlice(z);\n"
                    + " sum = sum + differences('stack-inpainted', 'stack-inpainted-1'); }\n"
                    + "print(nSlices + ' ' + sum);\n"
                    + "newImage('noisy', '8-bit composite-mode ramp', 24, 20, 2, 3, 1); run('Add...', 'value=9 stack'); Stack.setPosition(2, 2, 1);\n"
                    + "run('Diffusion Interpolate...', 'image=stack other=noisy planes=slices channels=all count=2 steps=2');\n"
                    + "Stack.getDimensions(w, h, c, z, t); print(c + ' ' + z + ' ' + t);\n"
                    + "selectImage('noisy'); Stack.setPosition(1, 3, 1); selectImage('interpolated');\n"
                    + "run('Diffusion Repeat...'); print(getTitle() + ' ' + differences('interpolated', 'interpolated-1'));\n"
                    + "selectImage('noisy'); Stack.setPosition(1, 1, 1); setPixel(3, 3, 77); updateDisplay();\n"
                    + "Stack.setPosition(2, 2, 1); run('Diffusion Repeat...', 'image=interpolated');\n"
                    + DIFFERENCES,
            "3 0\n2 3 2\ninterpolated-1 0\n"
                    + error("'noisy', which was the other, has changed since: undo that, or *"),
            CELLS
                    + "run('Diffusion Edit...', 'inplace steps=2 strength=1 target=nuclei'); print(getTitle());\n"
                    + "print(startsWith(Property.get('Palindrome macro'), 'run(\"Diffusion Edit...\", \"model=bundled device=auto altered=false inplace=true'));\n"
                    + "run('Diffusion Repeat...', 'on=cells inplace=false'); print(getTitle());\n"
                    + "selectImage('cells'); run('Diffusion Repeat...');",
            "cells\n1\ncells-edited\n"
                    + error("'cells', which was the image, has changed since: undo that, or name another one with"
                            + " on=title")
        };
    }

    private String[] whateverWentInIsFoundAgain() {
        final String latents =
                CELLS + "run('Add...', 'value=9'); rename('more'); run('Diffusion Invert...', 'steps=2');\n"
                        + "newImage('cells', '16-bit ramp', 24, 20, 1); run('Diffusion Invert...', 'steps=2');\n";
        return new String[] {
            latents
                    + "run('Diffusion Reconstruct...', 'original=cells'); print(getTitle());\n"
                    + "run('Diffusion Repeat...');\n"
                    + "print(getTitle() + ' ' + differences('cells', 'cells-reconstructed-1'));\n"
                    + "run('Diffusion Interpolate...', 'image=more-latent other=cells-latent count=3');\n"
                    + "setSlice(2); run('Diffusion Repeat...'); setSlice(2);\n"
                    + "print(getTitle() + ' ' + differences('interpolated', 'interpolated-1'));\n"
                    + "run('Diffusion Repeat...', 'on=cells-latent other=more-latent'); setSlice(2);\n"
                    + "print(getTitle() + ' ' + (differences('interpolated', 'interpolated-2') > 9));\n"
                    + "run('Diffusion Generate...', 'steps=2 width=16 height=8 seed=5');\n"
                    + "run('Diffusion Repeat...'); print(getTitle() + ' ' + differences('generated', 'generated-1'));\n"
                    + "run('Diffusion Repeat...', 'seed=6'); print('' + (differences('generated', 'generated-2') > 9));\n"
                    + "run('Diffusion Generate...', 'noise=cells-latent prompt=nuclei'); print(getTitle());\n"
                    + "run('Diffusion Repeat...'); print(getTitle() + ' ' + differences('cells-edited', 'cells-edited-1'));\n"
                    + "run('Diffusion Repeat...', 'on=more-latent'); print(getTitle());\n"
                    + DIFFERENCES,
            "cells-reconstructed\ncells-reconstructed-1 0\ninterpolated-1 0\ninterpolated-2 1\ngenerated-1 0\n1\n"
                    + "cells-edited\ncells-edited-1 0\nmore-edited\n-- success",
            CELLS
                    + "newImage('drawing', '8-bit', 8, 8, 1); makeRectangle(1, 1, 3, 3); Overlay.addSelection;\n"
                    + "run('Select None'); selectImage('cells'); run('Diffusion Demo...', 'mask=drawing');\n"
                    + "run('Diffusion Repeat...'); print(getTitle());\n"
                    + "selectImage('drawing'); Overlay.removeSelection(0); run('Diffusion Repeat...', 'image=cells-demo');",
            "cells-demo-1\n"
                    + error("'drawing', which was the mask, has changed since: undo that, or give another one as"
                            + " mask=title, or none as mask="),
            latents + "run('Diffusion Reconstruct...', 'original=cells');\n"
                    + "close('cells'); rename('kept'); run('Diffusion Repeat...', 'original='); print(getTitle());\n"
                    // found by its pixels
                    + "run('Diffusion Repeat...', 'image=kept'); print(getTitle());\n"
                    + "selectImage('kept'); run('Invert'); close('cells-reconstructed*'); run('Diffusion Repeat...');",
            "cells-reconstructed\ncells-reconstructed-1\n"
                    + error("'cells', which was the original, is not open: open it, or give another one as"
                            + " original=title, or none as original=")
        };
    }

    @Test
    void historyListsWhatWasMadeAndItsLinesRun() throws IOException {
        final Path csv = folder.resolve("history.csv");
        check(
                "run('Diffusion History'); print(nResults);\n"
                        + CELLS
                        + "rename('my, \"best\" cells'); run('Diffusion Invert...', 'sampler=BDIA steps=2 seed=4');\n"
                        + "run('Diffusion Reconstruct...');\n"
                        + "run('Diffusion Generate...', 'steps=2 width=8 height=8 prompt=[don\\'t, \"few\" \\\\u661f]');\n"
                        + "rename('first'); run('Diffusion History');\n"
                        + "line = Table.getString('Macro line', 2); saveAs('Results', '" + csv + "');\n"
                        + "eval(line); print(differences('first', 'generated') + ' ' + Table.getString('Title', 2));\n"
                        + DIFFERENCES,
                "0\n0 generated\n-- success");
        final List<String[]> rows = Files.readAllLines(csv).stream()
                .map(line -> line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
                .toList();
        assertEquals(
                List.of(
                        "Time",
                        "Title",
                        "Command",
                        "Image",
                        "Model",
                        "Sampler",
                        "Steps",
                        "Seed",
                        "Seconds",
                        "Macro line"),
                List.of(rows.get(0)));
        assertEquals(4, rows.size());
        for (final String[] row : rows) assertEquals(10, row.length, String.join("|", row));
        assertTrue(rows.get(1)[0].matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"), rows.get(1)[0]);
        assertEquals(
                List.of(
                        "\"my, 'best' cells-latent\"",
                        "Diffusion Invert",
                        "\"my, 'best' cells\"",
                        "bundled",
                        "BDIA",
                        "2",
                        "4"),
                List.of(rows.get(1)).subList(1, 8));
        // Reconstruct has no such inputs, and its result's record knows
        assertEquals(List.of("bundled", "BDIA", "2"), List.of(rows.get(2)).subList(4, 7));
        assertTrue(Double.parseDouble(rows.get(3)[8]) > 0, rows.get(3)[8]);
        assertTrue(
                rows.get(3)[9].endsWith(" prompt=[don\\\\u0027t, \\\\u0022few\\\\u0022 \\\\u661f] negative=[]');\""),
                rows.get(3)[9]);
    }
}
