package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.Macro;
import ij.macro.Interpreter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of macro options, alone and against ImageJ's own reader. */
class MacroOptionsTest {

    private static String value(final String options, final String key) {
        return MacroOptions.parse(options).values().get(key).orElseThrow();
    }

    @Test
    void textInBracketsDoesNotLeakIntoOtherKeys() {
        final String options = "prompt=[use steps=99 and image=[x] now] steps=20";
        assertEquals("20", value(options, "steps"));
        assertEquals("use steps=99 and image=[x] now", value(options, "prompt"));
        assertEquals(
                List.of("prompt", "steps"),
                new ArrayList<>(MacroOptions.parse(options).values().keySet()));
        // the trap this parser exists for
        assertEquals("99", Macro.getValue(options, "steps", ""));
    }

    @Test
    void keyIsNoTailOfAnotherKey() {
        final String options = "my_seed=3 seed=7";
        assertEquals("7", value(options, "seed"));
        assertEquals("3", Macro.getValue(options, "seed", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt=word | word",
                "prompt=[a b] | a b",
                "prompt=[a [b] c] | a [b] c",
                "prompt=[a \"b\" 'c'] | a \"b\" 'c'",
                "prompt='a b' | a b",
                "prompt='a [b' | a [b",
                "prompt=[] | ''",
                "prompt= | ''",
                "prompt=stack[1].tif | stack[1].tif",
                "prompt=a=b | a=b",
                "prompt=[it's] | it's",
                "prompt=it's | it's",
                "prompt=[a\\u005bb\\u661f] | a[b\u661f",
                "prompt=C:\\users\\udata | C:\\users\\udata",
            })
    void readsValues(final String options, final String expected) {
        assertEquals(expected, value(options, "prompt"));
        assertEquals(expected, value("steps=3  " + options + "\n", "prompt"));
        assertEquals(expected, value("\t" + options + " tiled steps=3", "prompt"));
    }

    @Test
    void lineBreaksInBracketsAreText() {
        assertEquals("a\nb", value("prompt=[a\nb] steps=3", "prompt"));
    }

    @Test
    void bareKeyHasNoValue() {
        assertEquals(
                Optional.empty(), MacroOptions.parse("steps=3 tiled").values().get("tiled"));
        assertTrue(MacroOptions.parse("  ").values().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt=[a b",
                "prompt=[a [b]",
                "prompt=a] steps=3",
                "prompt=a[b steps=3",
                "prompt=[a]b",
                "prompt=[a ] b]",
                "prompt='a b",
                "prompt='a'b",
                "=3",
                "steps = 3",
                "[a b]",
                "steps=3 steps=4",
                "tiled tiled=true",
            })
    void refuses(final String options) {
        final String message = assertThrows(IllegalArgumentException.class, () -> MacroOptions.parse(options))
                .getMessage();
        assertTrue(message.matches("(?s)[^\n]{20,200}"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "word",
                "two words",
                "[",
                "]",
                "][",
                "a [b] c",
                "'quoted'",
                "it's",
                "say \"hi\"",
                "back\\slash\\",
                "\\u0041",
                "steps=99 prompt=[x]",
                "line\nbreak\ttab",
                "\u00e9\u661f\ud83d\ude00",
                " edges ",
                "C:\\new folder\\model",
            })
    void everyTextSurvivesTheRecorder(final String text) {
        final String options = "steps=3 prompt=" + MacroText.encode(text);
        assertTrue(options.chars().allMatch(c -> c >= ' ' && c <= '~'), options);
        assertEquals(text, value(options, "prompt"));
        // and ImageJ's macro tokenizer gives the same options back
        final String literal = MacroText.literal(options);
        assertEquals(options, new Interpreter().run("return " + literal + ";", ""));
    }
}
