package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.guide.AttentionSettings;
import palindrome.guide.BlendWords;
import palindrome.guide.StepWindow;
import palindrome.guide.WordMapping;
import palindrome.guide.WordWindows;

/** What users write about attention, and what it means. */
class AttentionTuningTest {

    private static AttentionSettings settings(
            final String mapping, final String cross, final String self, final String reweight, final String blend) {
        return new AttentionTuning(mapping, cross, self, reweight, blend).settings();
    }

    @Test
    void everyTextIsUnderstood() {
        assertEquals(
                new AttentionSettings(
                        WordMapping.REFINE,
                        new WordWindows(
                                new StepWindow(0, 0.8),
                                Map.of("bright", new StepWindow(0.1, 0.3), "cat's", StepWindow.NONE)),
                        new StepWindow(0.25, 1),
                        Map.of("nuclei", 1.6, "dim", -0.5),
                        new BlendWords(List.of("nuclei", "cells"), List.of("background"))),
                settings(
                        "refine",
                        " 0.8 bright:0.1-.3, cat's:0 ",
                        "0.25-1",
                        "nuclei:1.6 dim:-0.5",
                        "nuclei, cells -background"));
    }

    @Test
    void nothingIsNothing() {
        assertEquals(AttentionSettings.NONE, AttentionTuning.NONE.settings());
        assertEquals(AttentionSettings.NONE, settings("AUTO", "", "", " ", ""));
    }

    @Test
    void onlyNamedWordsFollowIfThereIsNoOtherWindow() {
        assertEquals(
                new WordWindows(StepWindow.NONE, Map.of("cat", StepWindow.ALL)),
                settings("auto", "cat:1", "0", "", "").cross());
    }

    @ParameterizedTest
    @CsvSource({"1.5", "0.8-0.2", "0-2", "much", "-0.5", "cat:", "0.5 cat:x", "cat", "NaN", "1e3"})
    void windowsThatAreNoneAreNamed(final String text) {
        assertEquals(
                "'cross' is '" + text
                        + "', but must be a share of the steps from 0 to 1, such as 0.8, or two of them, such"
                        + " as 0.2-0.8, and for single words as in 0.8 bright:0-0.3.",
                assertThrows(IllegalArgumentException.class, () -> settings("auto", text, "0", "", ""))
                        .getMessage());
    }

    @Test
    void otherTextsAreNamed() {
        assertEquals(
                "'self' is '0.4 cat:1', but must be a share of the steps from 0 to 1, such as 0.8, or two of them, such as"
                        + " 0.2-0.8.",
                assertThrows(IllegalArgumentException.class, () -> settings("auto", "0", "0.4 cat:1", "", ""))
                        .getMessage());
        for (final String text : new String[] {"nuclei", "nuclei:", ":2", "nuclei:big", "a:1 b"})
            assertEquals(
                    "'reweight' is '" + text + "', but must be words with factors, such as nuclei:1.6 dim:0.5.",
                    assertThrows(IllegalArgumentException.class, () -> settings("auto", "0", "0", text, ""))
                            .getMessage());
        assertEquals(
                "'mapping' is 'best', but must be one of auto, replace, refine.",
                assertThrows(IllegalArgumentException.class, () -> settings("best", "0", "0", "", ""))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "many nuclei:1.6 here | many nuclei here | 1 1.6 1",
                "dim:-0.5, nuclei:2. | dim, nuclei. | -0.5 2",
                "nuclei:1.6 nuclei nuclei:1.6 | nuclei nuclei nuclei | 1.6 1 1.6",
                "at 16:9 and 1:2 | at 16:9 and 1:2 | 1 1 1 1",
                "no: weight:x | no: weight:x | 1 1",
                "a:1.5:2 | a:1.5 | 2",
            })
    void weightsAreTakenOutOfThePrompt(final String written, final String text, final String weights) {
        final WeightedPrompt prompt = WeightedPrompt.of(written);
        assertEquals(text, prompt.text());
        assertEquals(List.of(weights.split(" ")).stream().map(Double::valueOf).toList(), prompt.weights());
    }

    @Test
    void aPromptWithoutWeightsStaysAsItIs() {
        for (final String text : new String[] {"", "  two\u00a0 words\n", "$1 \\ (a) [b]"})
            assertEquals(text, WeightedPrompt.of(text).text());
    }
}
