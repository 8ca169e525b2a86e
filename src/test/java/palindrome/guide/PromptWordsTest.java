package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptWordsTest {

    private static final Map<String, List<String>> KNOWN = new LinkedHashMap<>();

    static {
        KNOWN.put("modality", List.of("fluorescence", "brightfield", "histology"));
        KNOWN.put("number", List.of("few", "some", "many"));
        KNOWN.put("brightness", List.of("dim", "bright"));
    }

    private static Map<String, List<String>> words(final String prompt) {
        return PromptWords.of(prompt, KNOWN).byAttribute();
    }

    @Test
    void wordsSelectTheirAttribute() {
        assertEquals(
                Map.of("modality", List.of("fluorescence"), "number", List.of("many")),
                words("fluorescence microscopy, many nuclei"));
        assertEquals(Map.of("brightness", List.of("dim")), words("a dim image"));
    }

    @Test
    void caseAndPunctuationDoNotMatter() {
        assertEquals(Map.of("number", List.of("many")), words("MANY-nuclei!"));
        assertEquals(Map.of("number", List.of("few")), words("\"few\""));
    }

    @Test
    void wordsOfOneAttributeAreAlternatives() {
        assertEquals(Map.of("number", List.of("few", "some")), words("some or few nuclei"));
    }

    @Test
    void partsOfWordsAreNoWords() {
        assertEquals(Map.of("modality", List.of("brightfield")), words("brightfield"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a cat", "brightest, fewer"})
    void aPromptWithoutAnyIsToldAll(final String prompt) {
        assertEquals(
                "Classifier guidance needs one of its words in the prompt, but '" + prompt
                        + "' has none: use fluorescence, brightfield, histology, few, some, many, dim, bright,"
                        + " or classifier=0.",
                assertThrows(IllegalArgumentException.class, () -> words(prompt))
                        .getMessage());
    }
}
