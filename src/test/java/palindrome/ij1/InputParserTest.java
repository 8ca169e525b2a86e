package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scijava.command.CommandInfo;
import org.scijava.plugin.Plugin;
import palindrome.command.CommandSignature;
import palindrome.command.InvertCommand;

/** Macro options to checked inputs. */
class InputParserTest {

    private final CommandSignature signature =
            CommandSignature.of(new CommandInfo(DemoCommand.class, DemoCommand.class.getAnnotation(Plugin.class)));
    private final ImagePlus current = image("current");
    private final ImagePlus other = image("other one");
    private final InputParser parser = new InputParser(
            signature,
            name -> name.equals("other one") || name.equals("-5") ? other : name.equals("closed") ? closed() : null);

    private static ImagePlus image(final String title) {
        return new ImagePlus(title, new ByteProcessor(2, 2));
    }

    private static ImagePlus closed() {
        final ImagePlus imp = new ImagePlus();
        imp.setTitle("closed");
        return imp;
    }

    private Map<String, Object> parse(final String options) {
        return parser.parse(MacroOptions.parse(options), current);
    }

    @Test
    void missingKeysTakeDeclaredDefaults() {
        parse("steps=7 prompt=[x y] strength=1 tiled");
        final Map<String, Object> inputs = parse("");
        assertSame(current, inputs.get("image"));
        assertEquals("copy", inputs.get("mode"));
        assertEquals(50, inputs.get("steps"));
        assertEquals(0.5, inputs.get("strength"));
        assertEquals(1L, inputs.get("seed"));
        assertEquals(false, inputs.get("tiled"));
        assertNull(inputs.get("mask"), "an optional image is never the current one");
        assertEquals("", inputs.get("prompt"));
    }

    @Test
    void orderOfKeysDoesNotMatter() {
        final Map<String, Object> inputs =
                parse("prompt=[steps=99 seed=1] seed=9007199254740993 steps=20 mode=[two words]");
        assertEquals(parse("mode=[two words] steps=20 seed=9007199254740993 prompt=[steps=99 seed=1]"), inputs);
        assertEquals(20, inputs.get("steps"));
        assertEquals(9007199254740993L, inputs.get("seed"), "a seed is not rounded to double");
    }

    @ParameterizedTest
    @CsvSource({
        "tiled, true",
        "tiled=true, true",
        "tiled=TRUE, true",
        "tiled=[true], true",
        "tiled=1, true",
        "tiled=false, false",
        "tiled=0, false",
        "steps=3, false"
    })
    void booleans(final String options, final boolean expected) {
        assertEquals(expected, parse(options).get("tiled"));
    }

    @ParameterizedTest
    @CsvSource({"20, 20", "20.0, 20", "20.0000, 20", "2e1, 20", "[20], 20", "+20, 20", "1000, 1000"})
    void wholeNumbers(final String text, final int expected) {
        assertEquals(expected, parse("steps=" + text).get("steps"));
    }

    @Test
    void imagesByTitleOrId() {
        assertSame(other, parse("image=[other one]").get("image"));
        assertSame(other, parse("mask=-5").get("mask"));
        assertNull(parse("mask=[]").get("mask"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "steps=abc",
                "steps=2.5",
                "steps=1",
                "steps=1001",
                "steps=",
                "steps",
                "steps=0x10",
                "steps=NaN",
                "steps=20f",
                "steps=1e99",
                "steps=99999999999",
                "strength=0,5",
                "strength=1.01",
                "strength=-0.1",
                "strength=Infinity",
                "strength=1e999",
                "seed=-1",
                "seed=9223372036854775808",
                "tiled=yes",
                "tiled=",
                "mode=COPY",
                "mode=nope",
                "mode=",
                "image=nosuch",
                "image=closed",
                "image=",
                "mask=nosuch",
                "nosuch=3",
                "nosuch",
                "Steps=3",
                "prompt",
                "step=3",
                "prompt=two words"
            })
    void refuses(final String options) {
        final String message = assertThrows(IllegalArgumentException.class, () -> parse(options))
                .getMessage();
        assertTrue(message.matches(".*'.+' .{15,300}\\."), message);
    }

    @Test
    void errorsSayWhatIsLegal() {
        assertMessage("'steps' is '1', but must be a whole number from 2 to 1000.", "steps=1");
        assertMessage(
                "'mode' is 'nope', but must be one of copy, two words, sentence, io, bug, cancel, slow.", "mode=nope");
        assertMessage("'seed' is '-1', but must be a whole number of at least 0.", "seed=-1");
        assertMessage(
                "'nosuch' is not a parameter of Diffusion Demo: it knows image, mode, steps, strength, seed, tiled,"
                        + " mask, model, prompt.",
                "nosuch=3");
        final String stray = assertThrows(IllegalArgumentException.class, () -> parse("prompt=two words"))
                .getMessage();
        assertTrue(stray.contains("brackets"), stray);
    }

    @Test
    void noImageOpen() {
        final String message = assertThrows(
                        IllegalArgumentException.class, () -> parser.parse(MacroOptions.parse("steps=3"), null))
                .getMessage();
        assertEquals("No image is open: 'image' needs one.", message);
    }

    private void assertMessage(final String expected, final String options) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, () -> parse(options))
                        .getMessage());
    }

    @Test
    void recordedLineRunsAndGivesTheSameInputs() {
        final Map<String, Object> inputs =
                parse("prompt=[two \"quoted\" words, steps=99 \\u661f \\u005b] mask=[other one] strength=1e-4 tiled"
                        + " seed=123456789012345678 mode=[two words] model=[C:\\my models\\u1]");
        final MacroLine line = MacroLine.of(signature, inputs);
        assertEquals(
                "run(\"Diffusion Demo...\", \"mode=[two words] steps=50 strength=0.0001 seed=123456789012345678"
                        + " tiled=true mask=[other one] model=[C:\\\\my models\\\\u1] prompt=[two \\\"quoted\\\" words,"
                        + " steps=99 \\\\u661f \\\\u005b]\");",
                line.statement());
        assertEquals(inputs, parse(line.options()));
    }

    @Test
    void whatTheDialogDoesNotShowIsRecordedOnlyWhereItSaysSomething() {
        final CommandSignature invert = CommandSignature.of(
                new CommandInfo(InvertCommand.class, InvertCommand.class.getAnnotation(Plugin.class)));
        assertTrue(invert.input("precision").isAdvanced());
        final InputParser parser = new InputParser(invert, name -> null);
        final Map<String, Object> usual = parser.parse(MacroOptions.parse(""), current);
        assertFalse(MacroLine.of(invert, usual).options().contains("precision"));
        final Map<String, Object> chosen = parser.parse(MacroOptions.parse("precision=float32"), current);
        final String options = MacroLine.of(invert, chosen).options();
        assertTrue(options.contains(" precision=float32 "), options);
        assertEquals(chosen, parser.parse(MacroOptions.parse(options), current));
    }
}
