package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SamplerGuideTest {

    private static final String BEGIN = "<!-- samplers -->\n";

    /** The manual's table is the one the dialogs are made of. */
    @Test
    void theManualHasTheTable() throws IOException {
        final String manual = Files.readString(Path.of("docs/samplers.md"));
        final int begin = manual.indexOf(BEGIN) + BEGIN.length();
        assertEquals(SamplerGuide.table(), manual.substring(begin, manual.indexOf("<!-- end -->")));
    }

    @Test
    void everySamplerIsDescribed() {
        final String text = SamplerGuide.describe("edict");
        assertTrue(text.contains("Order 1, 2 evaluations of the network a step. Wallace"), text);
        assertThrows(IllegalArgumentException.class, () -> SamplerGuide.describe("PLMS"));
    }
}
