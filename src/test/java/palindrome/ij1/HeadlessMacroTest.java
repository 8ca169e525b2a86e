package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How macros end in a real, headless ImageJ 1.54, seen through its habits of hiding it. */
class HeadlessMacroTest {

    private static final String IMAGE = "close('*'); newImage('a b', '8-bit ramp', 16, 8, 1);\n";
    private static final String AFTER = "\nprint('not reached');\n";

    @TempDir
    private Path folder;

    /** Runs macros one after the other; each result starts with what the macro printed. */
    private List<String> run(final List<String> macros) throws IOException {
        final List<String> files = new ArrayList<>();
        for (final String macro : macros)
            files.add(Files.writeString(folder.resolve(files.size() + ".ijm"), macro)
                    .toString());
        final ChildJvm.Result result = new ChildJvm(folder, ChildJvm.testClassPath())
                .run(Map.of(), ManyMacros.class.getName(), files.toArray(new String[0]));
        assertEquals(0, result.status(), result.err());
        final List<String> results = new ArrayList<>();
        final StringBuilder printed = new StringBuilder();
        for (final String line : result.out().split("\\R")) {
            printed.append(line).append('\n');
            if (line.startsWith("-- ")) {
                results.add(printed.toString());
                printed.setLength(0);
            }
        }
        assertEquals(macros.size(), results.size(), result.out() + result.err());
        return results;
    }

    /** @param cases macro and the start of the result, alternating */
    private void check(final String... cases) throws IOException {
        final List<String> macros = new ArrayList<>();
        for (int i = 0; i < cases.length; i += 2) macros.add(cases[i]);
        final List<String> results = run(macros);
        for (int i = 0; i < cases.length; i += 2)
            assertTrue(results.get(i / 2).startsWith(cases[i + 1]), cases[i] + " -> " + results.get(i / 2));
    }

    private static String demo(final String options) {
        return IMAGE + "run('Diffusion Demo...', '" + options + "');";
    }

    @Test
    void reportIsPrintedWhereThereIsNoWindow() throws IOException {
        final String printed = run(List.of("run('Diffusion Setup...', 'device=cpu test=false'); print('then');"))
                .get(0);
        assertTrue(printed.startsWith("Programs\n"), printed);
        assertTrue(printed.matches("(?s).*\\n  libtorch +2\\.7\\.1.*\\nthen\\n.*"), printed);
    }

    @Test
    void commandTakesTheCurrentImageAndItsOutputIsCurrentNext() throws IOException {
        check(
                IMAGE
                        + "newImage('other', '8-bit', 4, 4, 1); selectImage('a b');\n"
                        + "run('Diffusion Demo...', 'prompt=[use steps=99 now] steps=7 tiled mode=[two words]');\n"
                        + "print(getTitle() + ' ' + nImages + ' ' + getPixel(15, 0));\n"
                        + "print(Property.get('inputs'));\n"
                        // nothing of the first call is left in the second
                        + "run('Diffusion Demo...', 'image=other mask=[a b]');\n"
                        + "print(Property.get('inputs'));\n"
                        + "run('Diffusion Demo...', 'image=other');\n"
                        + "print(getTitle() + ' ' + Property.get('locked') + ' ' + Property.get('thread'));\n",
                "a b-demo 3 240\n"
                        + "a b|two words|7|0.5|1|true|none|bundled|use steps=99 now\n"
                        + "other|copy|50|0.5|1|false|a b|bundled|\n"
                        + "other-demo-1 true Run$_0.ijm_Macro$\n"
                        + "-- success\n",
                // the lock is gone afterwards, after a failure too
                demo("mode=sentence"),
                "-- Macro Error",
                demo("") + "selectImage('a b'); run('Invert'); print(getPixel(15, 0));",
                "15\n-- success",
                // a note is not the macro's output
                demo("steps=1000"),
                "-- success");
    }

    @Test
    void errorsOfTheBridgeStopTheMacro() throws IOException {
        final String prefix = "-- Macro Error: Diffusion Demo: ";
        check(
                demo("steps=1") + AFTER,
                prefix + "'steps' is '1', but must be a whole number from 2 to 1000 in line 2\n",
                demo("mode=nope") + AFTER,
                prefix
                        + "'mode' is 'nope', but must be one of copy, two words, sentence, io, bug, cancel, slow in line 2\n",
                demo("nosuch=1") + AFTER,
                prefix + "'nosuch' is not a parameter of Diffusion Demo: it knows image, mode, steps,",
                demo("prompt=[a") + AFTER,
                prefix + "The brackets in the value of 'prompt' are not balanced",
                demo("image=nosuch") + AFTER,
                prefix + "'image' names the image 'nosuch', but no such image is open in line 2\n",
                demo("mode=sentence") + AFTER,
                prefix + "The demo refuses in line 2\n",
                demo("mode=io") + AFTER,
                prefix + "The model folder is gone in line 2\n",
                demo("mode=cancel") + AFTER,
                prefix + "canceled by the user in line 2\n",
                demo("mode=bug") + AFTER,
                prefix + "Stopped by an internal error (java.lang.IndexOutOfBoundsException: index 7)",
                "close('*'); run('Diffusion Demo...');" + AFTER,
                prefix + "No image is open: 'image' needs one in line 1\n",
                "run('Diffusion History', 'x=1');" + AFTER,
                "-- Macro Error: Diffusion History: 'x' is not a parameter of Diffusion History: it takes none in line 1\n",
                demo("") + "print('reached');",
                "reached\n-- success\n");
    }

    @Test
    void everyOtherFailureIsSeenToo() throws IOException {
        check(
                "x = 3; y = (;" + AFTER,
                "-- Macro Error: Number or numeric function expected in line 1\n",
                IMAGE + "makeRectangle(1, 1, 2, 2); roiManager('add');" + AFTER,
                "-- The macro stopped: it opens a window, such as a dialog or the ROI Manager, and there is no display.\n",
                "exit('no good');" + AFTER,
                "-- The macro stopped: no good\n",
                "run('No Such Command');" + AFTER,
                "-- Macro Error: Unrecognized command",
                "open('/nonexistent.tif');" + AFTER,
                "-- The macro stopped: File not found: /nonexistent.tif\n",
                // ImageJ goes on after these; the macro has failed all the same
                "eval('run(\"No Such Command\");'); print('after');",
                "after\n-- Macro Error: Unrecognized command",
                "runMacro('nosuch.ijm'); print('after');",
                "-- The macro stopped: Macro or script not found:",
                "x = call('java.lang.Integer.parseInt', 'x');",
                "java.lang.reflect.InvocationTargetException");
        assertTrue(run(List.of("x = call('java.lang.Integer.parseInt', 'x');"))
                .get(0)
                .contains("-- A plugin failed: java.lang.NumberFormatException"));
    }

    @Test
    void successIsSuccess() throws IOException {
        check(
                "print('done'); exit();",
                "done\n-- success\n",
                "print('done'); exit;",
                "done\n-- success\n",
                "function f(n) { return n + 1; } if (f(2) != 3) exit('wrong'); print('done');",
                "done\n-- success\n",
                "macro 'named' { print(getInfo('macro.filepath')); }",
                folder.resolve("3.ijm") + "\n-- success\n");
    }

    @Test
    void noLabelIsImageJsOwn() throws IOException {
        final String result =
                run(List.of("List.setCommands; print(List.getList);")).get(0);
        final List<String[]> commands = result.lines()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .toList();
        assertTrue(commands.size() > 400, "ImageJ's own commands are listed: " + commands.size());
        for (final PluginsConfig.Entry entry : PluginsConfig.read()) {
            final List<String[]> same = commands.stream()
                    .filter(command -> bare(command[0]).equals(bare(entry.label())))
                    .toList();
            assertEquals(1, same.size(), entry.label());
            assertEquals(entry.command(), same.get(0)[1]);
        }
    }

    private static String bare(final String label) {
        return label.replace("...", "").strip().toLowerCase(java.util.Locale.ROOT);
    }
}
