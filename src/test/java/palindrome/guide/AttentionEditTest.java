package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import palindrome.engine.TorchEngine;
import palindrome.model.PromptTokens;
import palindrome.network.AttentionMix;

/** Windows, weights and changed probabilities, against the original code's. */
class AttentionEditTest {

    private static final int LENGTH = AttentionFixture.LENGTH;
    private static final int STEPS = 10;
    private static final int HEADS = 2;
    private static final int PLACES = 6;

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

    private static WordWindows windows(final JsonElement crossReplaceSteps) {
        if (crossReplaceSteps.isJsonPrimitive() || crossReplaceSteps.isJsonArray())
            return new WordWindows(window(crossReplaceSteps), Map.of());
        final Map<String, StepWindow> words = new LinkedHashMap<>();
        StepWindow rest = StepWindow.NONE;
        for (final Map.Entry<String, JsonElement> entry :
                crossReplaceSteps.getAsJsonObject().entrySet())
            if (entry.getKey().equals("default_")) rest = window(entry.getValue());
            else words.put(entry.getKey(), window(entry.getValue()));
        return new WordWindows(rest, words);
    }

    private static StepWindow window(final JsonElement bounds) {
        if (bounds.isJsonPrimitive()) return new StepWindow(0, bounds.getAsDouble());
        final JsonArray both = bounds.getAsJsonArray();
        return new StepWindow(both.get(0).getAsDouble(), both.get(1).getAsDouble());
    }

    private static AttentionEdit edit(
            final JsonObject one,
            final WordMapping mapping,
            final WordWindows cross,
            final Map<String, Double> weights) {
        return edit(one, new AttentionSettings(mapping, cross, new StepWindow(0, 0.4), weights, BlendWords.NONE));
    }

    private static AttentionEdit edit(final JsonObject one, final AttentionSettings settings) {
        final PromptTokens target = fixture.prompt(one, 1);
        return new AttentionEdit(settings, fixture.prompt(one, 0), target, AttentionEdit.noWeights(target));
    }

    @Test
    void windowsOpenAndCloseAsInTheOriginal() {
        int tables = 0;
        for (final JsonObject one : fixture.cases()) {
            final List<JsonElement> all =
                    one.getAsJsonArray("cross_replace_steps").asList();
            for (int t = 0; t < all.size(); t++, tables++) {
                final float[] table = fixture.floats(one, "alpha_time." + t);
                final AttentionEdit edit = edit(one, WordMapping.REFINE, windows(all.get(t)), Map.of());
                for (int step = 0; step < STEPS; step++)
                    assertArrayEquals(
                            java.util.Arrays.copyOfRange(table, step * LENGTH, (step + 1) * LENGTH),
                            edit.active(step, STEPS, LENGTH),
                            one.get("prompts") + " table " + t + " step " + step);
            }
        }
        assertEquals(33, tables);
    }

    private static Map<String, Double> weights(final JsonObject one) {
        final JsonObject equalizer = one.getAsJsonObject("equalizer");
        final Map<String, Double> weights = new LinkedHashMap<>();
        for (int i = 0; i < equalizer.getAsJsonArray("words").size(); i++)
            weights.put(
                    equalizer.getAsJsonArray("words").get(i).getAsString(),
                    equalizer.getAsJsonArray("values").get(i).getAsDouble());
        return weights;
    }

    @Test
    void weightsFallOnTheSameTokens() {
        for (final JsonObject one : fixture.cases())
            assertArrayEquals(
                    fixture.floats(one, "equalizer"),
                    edit(one, WordMapping.REFINE, WordWindows.NONE, weights(one))
                            .perToken(LENGTH),
                    one.get("prompts").toString());
    }

    /** P' of the edit's heads, from the fixture's probabilities of both. */
    private static float[] changed(final float[] attention, final AttentionMix mix) {
        final float[] changed = attention.clone();
        final int rows = HEADS * PLACES;
        for (int q = 0; q < rows; q++)
            for (int n = 0; n < LENGTH; n++) {
                double sum = attention[(rows + q) * LENGTH + n] * mix.own()[n];
                for (int w = 0; w < LENGTH; w++) sum += attention[q * LENGTH + w] * mix.fromSource()[w * LENGTH + n];
                changed[(rows + q) * LENGTH + n] = (float) sum;
            }
        return changed;
    }

    private static boolean isAlike(final JsonObject one) {
        return fixture.prompt(one, 0).ids().length == fixture.prompt(one, 1).ids().length;
    }

    @Test
    void probabilitiesAreChangedAsByTheOriginal() {
        int compared = 0;
        for (final JsonObject one : fixture.cases()) {
            if (!fixture.has(one, "attn_cross")) continue;
            final float[] attention = fixture.floats(one, "attn_cross");
            final WordWindows refineSteps =
                    windows(one.getAsJsonArray("cross_replace_steps").get(2));
            final WordWindows reweightSteps = new WordWindows(new StepWindow(0, 0.8), Map.of());
            final WordWindows replaceSteps = new WordWindows(new StepWindow(0, 0.4), Map.of());
            final PromptTokens source = fixture.prompt(one, 0);
            final Map<String, AttentionEdit> edits = new LinkedHashMap<>();
            edits.put("refine", edit(one, WordMapping.REFINE, refineSteps, Map.of()));
            edits.put(
                    "replace",
                    one.has("replace_error") ? null : edit(one, WordMapping.REPLACE, replaceSteps, Map.of()));
            edits.put(
                    "reweight_over_replace",
                    one.has("replace_error") ? null : edit(one, WordMapping.REPLACE, reweightSteps, weights(one)));
            edits.put("reweight_over_refine", edit(one, WordMapping.REFINE, reweightSteps, weights(one)));
            for (final Map.Entry<String, AttentionEdit> controller : edits.entrySet())
                for (final int step : new int[] {0, 3, 9}) {
                    final String name = "out." + controller.getKey() + ".step" + step;
                    if (!fixture.has(one, name + ".cross")) continue;
                    final float[] expected = fixture.floats(one, name + ".cross");
                    final float[] actual =
                            changed(attention, controller.getValue().mix(step, STEPS, LENGTH, LENGTH));
                    // behind a replaced word of other length the original looks up another row: WordMappingTest
                    final boolean whole = isAlike(one) || !controller.getKey().endsWith("replace");
                    final int upTo = whole ? LENGTH : source.ids().length - 2;
                    for (int i = 0; i < expected.length; i++)
                        if (i % LENGTH < upTo) assertEquals(expected[i], actual[i], 1e-6, name + " at " + i);
                    compared++;
                    assertEquals(step < STEPS * 0.4, edits.get("refine").injectsSelfAttention(step, STEPS));
                    assertSelf(one, name, step < STEPS * 0.4);
                }
        }
        assertTrue(compared >= 20, compared + " compared");
    }

    /** The original's rule for self-attention: the source's probabilities or the edit's own, whole. */
    private static void assertSelf(final JsonObject one, final String name, final boolean injected) {
        final float[] given = fixture.floats(one, "attn_self");
        final float[] expected = fixture.floats(one, name + ".self");
        final int half = given.length / 2;
        for (int i = 0; i < half; i++) assertEquals(given[injected ? i : half + i], expected[half + i]);
    }

    /** The original's reweighting alone: the source's attention, word for word in place, scaled. */
    @Test
    void reweightingAloneScalesTheSourcesAttention() {
        int compared = 0;
        for (final JsonObject one : fixture.cases()) {
            if (!fixture.has(one, "out.reweight.step0.cross") || !isAlike(one)) continue;
            final AttentionEdit edit =
                    edit(one, WordMapping.REPLACE, new WordWindows(new StepWindow(0, 0.8), Map.of()), weights(one));
            for (final int step : new int[] {0, 3, 9}) {
                assertArrayEquals(
                        fixture.floats(one, "out.reweight.step" + step + ".cross"),
                        changed(fixture.floats(one, "attn_cross"), edit.mix(step, STEPS, LENGTH, LENGTH)),
                        1e-6f);
                compared++;
            }
        }
        assertTrue(compared >= 3, compared + " compared");
    }

    @Test
    void weightsWithoutAWindowActOnTheEditsOwnAttentionInEveryStep() {
        final JsonObject one = fixture.cases().get(0);
        final AttentionEdit edit = edit(one, WordMapping.AUTO, WordWindows.NONE, Map.of("dog", 2.5));
        for (final int step : new int[] {0, STEPS - 1}) {
            final AttentionMix mix = edit.mix(step, STEPS, LENGTH, LENGTH);
            assertFalse(mix.usesSource());
            assertEquals(2.5f, mix.own()[5]);
            assertEquals(1, mix.own()[4]);
        }
    }

    @Test
    void nothingAskedForIsNothingDone() {
        final JsonObject one = fixture.cases().get(0);
        assertTrue(edit(one, AttentionSettings.NONE).isNone());
        assertTrue(
                edit(one, AttentionSettings.NONE).mix(0, STEPS, LENGTH, LENGTH).isNone());
        assertFalse(edit(one, WordMapping.AUTO, WordWindows.NONE, Map.of("dog", 2.0))
                .isNone());
        final WordWindows all = new WordWindows(StepWindow.ALL, Map.of());
        assertFalse(edit(one, WordMapping.AUTO, all, Map.of()).isNone());
        final PromptTokens same = fixture.prompt(one, 1);
        final AttentionSettings following =
                new AttentionSettings(WordMapping.AUTO, all, StepWindow.ALL, Map.of(), BlendWords.NONE);
        assertTrue(new AttentionEdit(following, same, same, AttentionEdit.noWeights(same)).isNone());
        final AttentionSettings weighted =
                new AttentionSettings(WordMapping.AUTO, all, StepWindow.ALL, Map.of("dog", 1.6), BlendWords.NONE);
        assertFalse(new AttentionEdit(weighted, same, same, AttentionEdit.noWeights(same)).isNone());
    }

    private static String failure(final AttentionSettings settings) {
        return assertThrows(
                        IllegalArgumentException.class,
                        () -> edit(fixture.cases().get(0), settings))
                .getMessage();
    }

    @Test
    void wordsThatAreMissingAreNamedWithTheirPrompt() {
        final StepWindow some = new StepWindow(0, 0.5);
        assertEquals(
                "The word 'cat' is not in the target prompt 'a photo of a dog'; name a word that is, as it stands there.",
                failure(new AttentionSettings(
                        WordMapping.AUTO, WordWindows.NONE, some, Map.of("cat", 2.0), BlendWords.NONE)));
        assertEquals(
                "The word 'cats' is not in the target prompt 'a photo of a dog'; name a word that is, as it stands there.",
                failure(new AttentionSettings(
                        WordMapping.AUTO,
                        new WordWindows(some, Map.of("cats", some)),
                        some,
                        Map.of(),
                        BlendWords.NONE)));
        assertEquals(
                "The word 'cow' is neither in the source prompt 'a photo of a cat' nor in the target prompt 'a photo of a"
                        + " dog'; name a word that is in one of them.",
                failure(new AttentionSettings(
                        WordMapping.AUTO,
                        WordWindows.NONE,
                        some,
                        Map.of(),
                        new BlendWords(List.of("cat"), List.of("cow")))));
    }

    @Test
    void impossibleWindowsAndThresholdsAreRefused() {
        assertEquals(
                "Steps from 0.5 to 0.2 are no part of a way; use two shares from 0 to 1, the smaller one first.",
                assertThrows(IllegalArgumentException.class, () -> new StepWindow(0.5, 0.2))
                        .getMessage());
        assertEquals(
                "A threshold of local blend is 1.0; use a number from 0 to below 1, such as 0.3.",
                assertThrows(IllegalArgumentException.class, () -> new BlendWords(List.of("cat"), List.of(), 0.3, 1))
                        .getMessage());
        assertEquals(
                "Local blend leaves out cow, but has no word whose places may change; name at least one.",
                assertThrows(IllegalArgumentException.class, () -> new BlendWords(List.of(), List.of("cow")))
                        .getMessage());
    }
}
