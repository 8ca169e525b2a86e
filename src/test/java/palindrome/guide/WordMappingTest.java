package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import palindrome.engine.TorchEngine;
import palindrome.model.PromptTokens;

/** Mappings of tokens, against the original code's. */
class WordMappingTest {

    private static final int LENGTH = AttentionFixture.LENGTH;

    private static NDManager manager;
    private static AttentionFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        manager = TorchEngine.start().newManager(Device.cpu());
        fixture = new AttentionFixture(manager);
    }

    @AfterAll
    static void close() {
        fixture.close();
        manager.close();
    }

    @Test
    void refinedPromptsAreAlignedAsByTheOriginal() {
        for (final JsonObject one : fixture.cases()) {
            final WordMapping.Tokens tokens =
                    WordMapping.REFINE.of(fixture.prompt(one, 0), fixture.prompt(one, 1), LENGTH, LENGTH);
            final float[] mapped = fixture.floats(one, "refine.alphas");
            final long[] mapper = fixture.longs(one, "refine.mapper");
            assertArrayEquals(mapped, tokens.mapped());
            for (int j = 0; j < LENGTH; j++)
                for (int i = 0; i < LENGTH; i++)
                    assertEquals(
                            mapped[j] == 1 && mapper[j] == i ? 1 : 0,
                            tokens.fromSource()[i * LENGTH + j],
                            one.get("prompts") + " from " + i + " to " + j);
        }
    }

    /** But for the row that the original looks up behind the last replaced word, where the two have other numbers of tokens. */
    @Test
    void replacedWordsAreMappedAsByTheOriginal() {
        int equal = 0;
        int different = 0;
        for (final JsonObject one : fixture.cases()) {
            if (one.has("replace_error")) continue;
            final PromptTokens source = fixture.prompt(one, 0);
            final PromptTokens target = fixture.prompt(one, 1);
            final float[] actual =
                    WordMapping.REPLACE.of(source, target, LENGTH, LENGTH).fromSource();
            final float[] expected = fixture.floats(one, "replace.mapper");
            final boolean alike = source.ids().length == target.ids().length;
            final int upTo = alike ? LENGTH : behindTheLastReplacedWord(source, target);
            for (int j = 0; j < upTo; j++)
                for (int i = 0; i < LENGTH; i++)
                    assertEquals(expected[i * LENGTH + j], actual[i * LENGTH + j], one.get("prompts") + " " + i + j);
            if (alike) equal++;
            else different++;
            final double lost = LENGTH - sum(expected);
            assertTrue(alike ? lost == 0 : lost >= 1, "the original loses " + lost);
            assertEquals(LENGTH, sum(actual), 1e-4, "attention of every token goes somewhere");
            for (int i = 0; i < LENGTH; i++) {
                final int row = i;
                assertEquals(
                        1,
                        IntStream.range(0, LENGTH)
                                .mapToDouble(j -> actual[row * LENGTH + j])
                                .sum(),
                        1e-5);
            }
        }
        assertTrue(equal >= 3 && different >= 2, equal + " and " + different + " cases");
    }

    private static int behindTheLastReplacedWord(final PromptTokens source, final PromptTokens target) {
        int behind = 0;
        for (int word = 0; word < target.words().size(); word++) {
            final List<Integer> places = target.places(word);
            if (!target.words().get(word).equals(source.words().get(word))) behind = places.get(places.size() - 1) + 1;
        }
        return behind;
    }

    private static double sum(final float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).sum();
    }

    @Test
    void promptsOfOtherLengthsCannotBeReplacedWordForWord() {
        for (final JsonObject one : fixture.cases()) {
            if (!one.has("replace_error")) continue;
            final PromptTokens source = fixture.prompt(one, 0);
            final PromptTokens target = fixture.prompt(one, 1);
            assertEquals(
                    "Words can only be replaced by as many others, but '" + source + "' has "
                            + source.words().size() + " and '" + target + "' has "
                            + target.words().size() + "; use mapping=refine.",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> WordMapping.REPLACE.of(source, target, LENGTH, LENGTH))
                            .getMessage());
            assertArrayEquals(
                    WordMapping.REFINE.of(source, target, LENGTH, LENGTH).fromSource(),
                    WordMapping.AUTO.of(source, target, LENGTH, LENGTH).fromSource());
        }
    }

    @Test
    void theSamePromptIsMappedOntoItself() {
        final PromptTokens prompt = fixture.prompt(fixture.cases().get(6), 1);
        for (final WordMapping mapping : WordMapping.values()) {
            final WordMapping.Tokens tokens = mapping.of(prompt, prompt, LENGTH, LENGTH);
            for (int i = 0; i < LENGTH; i++)
                for (int j = 0; j < LENGTH; j++) assertEquals(i == j ? 1 : 0, tokens.fromSource()[i * LENGTH + j]);
        }
    }

    /** Prompts that an encoder reads in parts: words are found across the frames of the parts. */
    @Test
    void promptsOfSeveralPartsAreMappedThroughTheirPlaces() {
        final PromptTokens base = fixture.prompt(fixture.cases().get(0), 0);
        final String filling = " photo".repeat(73);
        final PromptTokens source = fixture.prompt(prompts("a cat" + filling + " cat dog", ""), 0);
        final PromptTokens target = fixture.prompt(prompts("a big cat" + filling + " cat dog", ""), 0);
        assertEquals(2 * LENGTH, source.length());
        assertEquals(LENGTH, base.length());
        final int both = 2 * LENGTH;
        final float[] refined =
                WordMapping.REFINE.of(source, target, both, both).fromSource();
        for (final String word : List.of("cat", "dog", "a"))
            for (int k = 0; k < source.find(word).size(); k++)
                assertEquals(
                        1,
                        refined[
                                source.places(source.find(word).get(k)).get(0) * both
                                        + target.places(target.find(word).get(k))
                                                .get(0)],
                        word);
        final int added = target.places(target.find("big").get(0)).get(0);
        for (int i = 0; i < both; i++) assertEquals(0, refined[i * both + added]);
        // the second part's frame
        assertEquals(1, refined[LENGTH * both + LENGTH]);
        final float[] shorter =
                WordMapping.REFINE.of(base, target, LENGTH, both).mapped();
        assertEquals(0, shorter[LENGTH], "one part has no second start token");
        final WordMapping.Tokens replaced = WordMapping.REPLACE.of(source, source, both, both);
        for (int i = 0; i < both; i++) assertEquals(1, replaced.fromSource()[i * both + i]);
    }

    private static JsonObject prompts(final String source, final String target) {
        final JsonObject one = new JsonObject();
        final com.google.gson.JsonArray prompts = new com.google.gson.JsonArray();
        prompts.add(source);
        prompts.add(target);
        one.add("prompts", prompts);
        return one;
    }
}
