package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The headless runner as a program: output and exit status. */
class MacroRunnerTest {

    @TempDir
    private Path folder;

    private ChildJvm.Result launch(final String... args) {
        return new ChildJvm(folder, ChildJvm.testClassPath()).run(Map.of(), Launcher.class.getName(), args);
    }

    @Test
    void successIsZeroAndOutputIsTheMacros() throws IOException {
        final Path macro = Files.writeString(
                folder.resolve("good.ijm"),
                "newImage('a', '8-bit', 4, 4, 1); run('Diffusion Demo...', 'prompt=[caf\u00e9]');\n"
                        + "inputs = Property.get('inputs'); print(getArgument() + '|' + inputs.length);");
        final ChildJvm.Result result = launch(macro.toString(), "two words");
        assertEquals("", result.err());
        assertEquals("two words|" + "a|copy|50|0.5|1|false|none|bundled|caf\u00e9".length() + "\n", result.out());
        assertEquals(0, result.status());
    }

    @Test
    void failureIsOneSentenceAndNotZero() throws IOException {
        final Path macro = Files.writeString(folder.resolve("bad.ijm"), "print('start');\nexit('no good');");
        final ChildJvm.Result result = launch(macro.toString());
        assertEquals("The macro stopped: no good\n", result.err());
        assertEquals("start\n", result.out());
        assertEquals(MacroRunner.FAILED, result.status());
    }

    @Test
    void lettersThatTheLocaleLosesAreRefused() {
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        assertEquals(
                MacroRunner.USAGE,
                MacroRunner.run(new String[] {"good.ijm", "output=/data/caf\uFFFD\uFFFD"}, new PrintStream(err, true)));
        assertTrue(err.toString().contains("LC_ALL=C.UTF-8"), err.toString());
    }

    @Test
    void missingFileIsSaid() {
        final ChildJvm.Result missing = launch("nosuch.ijm");
        assertEquals(MacroRunner.USAGE, missing.status());
        assertTrue(
                missing.err().matches("Cannot read the macro file .*nosuch.ijm: there is no such file\\.\\R"),
                missing.err());
    }
}
