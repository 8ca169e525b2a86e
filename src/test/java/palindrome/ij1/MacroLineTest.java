package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements of the macro language, written and read. */
class MacroLineTest {

    @Test
    void whatIsWrittenIsReadAgain() {
        for (final String prompt : List.of(
                "plain",
                "a \"quoted\" 'word'",
                "back\\slash \\u0041 \\\\n",
                "[a [nested] one]",
                "a ] lone [ one",
                "run(\"Diffusion Edit...\", \"steps=2\");",
                "two\nlines\tand 星",
                "")) {
            final String options = "steps=20 prompt=" + MacroText.encode(prompt);
            final MacroLine line = new MacroLine("Diffusion Edit...", options);
            assertEquals(line, MacroLine.parse(line.statement()), line.statement());
            for (final String statement : List.of(line.statement(), line.statementForTables()))
                assertEquals(
                        Map.of("steps", Optional.of("20"), "prompt", Optional.of(prompt)),
                        MacroLine.parse(statement).parsed().values(),
                        statement);
            assertFalse(line.statementForTables().contains("\""));
            assertEquals(
                    line.parsed().values(),
                    MacroOptions.parse(line.parsed().toString()).values());
        }
    }

    @Test
    void aLineMayBeAValueOfAnotherLine() {
        final String inner =
                new MacroLine("Diffusion Edit...", "prompt=" + MacroText.encode("a ] \"b\" [ c 星")).statement();
        final String outer = new MacroLine("Diffusion Batch...", "line=" + MacroText.encode(inner)).statement();
        assertEquals(
                Optional.of(inner), MacroLine.parse(outer).parsed().values().get("line"));
    }

    @Test
    void blanksAndMissingOptionsAndSemicolonsAreAllowed() {
        assertEquals(new MacroLine("A b...", ""), MacroLine.parse("run('A b...')"));
        assertEquals("run(\"A b...\");", new MacroLine("A b...", "").statement());
        assertEquals(new MacroLine("A b...", "c=d"), MacroLine.parse(" run ( \"A b...\" ,\n 'c=d' ) ; \n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "steps=20",
                "run()",
                "run(\"A\", \"b\"); run(\"C\");",
                "run(\"A\" + x);",
                "run(\"A\", \"b)",
                "eval('run(\"A\")');",
                "IJ.run(\"A\", \"b\");"
            })
    void anythingElseIsRefused(final String text) {
        final IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> MacroLine.parse(text));
        assertTrue(
                failure.getMessage()
                        .equals("'" + text
                                + "' is not one macro line such as run(\"Diffusion Edit...\", \"steps=20\");"),
                failure.getMessage());
    }
}
