package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.network.ReferenceTensors;

/** Masks of words and what they do, against the original code's LocalBlend. */
class LocalBlendTest {

    private static final int LAYERS = 5;
    private static final int SIDE = 16;
    private static final int PLACES = SIDE * SIDE;
    private static final int TOKENS = 77;
    private static final int CALLS = 4;

    private NDManager manager;
    private ReferenceTensors fixture;

    @BeforeEach
    void open() throws IOException {
        manager = TorchEngine.start().newManager(Device.cpu());
        fixture = ReferenceTensors.read(manager, DataType.FLOAT32, "p2p_localblend/case.safetensors");
    }

    @AfterEach
    void close() {
        manager.close();
    }

    /** Weights of the tokens as the fixture has them, in two columns. */
    private float[] columns(final int one, final int prompt) {
        final float[] words = fixture.get(one + ".alpha_layers").toFloatArray();
        final float[] columns = new float[2 * TOKENS];
        for (int n = 0; n < TOKENS; n++) columns[2 * n] = words[prompt * TOKENS + n];
        if (!fixture.contains(one + ".substruct_layers")) return columns;
        final float[] without = fixture.get(one + ".substruct_layers").toFloatArray();
        for (int n = 0; n < TOKENS; n++) columns[2 * n + 1] = without[prompt * TOKENS + n];
        return columns;
    }

    /** Attention of a layer's places to the columns. */
    private static float[] attention(final float[] maps, final int layer, final int prompt, final float[] columns) {
        final float[] attention = new float[2 * PLACES];
        for (int q = 0; q < PLACES; q++)
            for (int n = 0; n < TOKENS; n++)
                for (int c = 0; c < 2; c++)
                    attention[2 * q + c] += maps[((layer * 2 + prompt) * PLACES + q) * TOKENS + n] * columns[2 * n + c];
        return attention;
    }

    private LocalBlend blend(final int one, final int level) {
        final double[] thresholds = one == 0 ? new double[] {0.3, 0.3} : new double[] {0.3, 0.4};
        final LocalBlend blend = new LocalBlend(
                columns(one, 0),
                columns(one, 1),
                level,
                new BlendWords(List.of("any"), List.of(), thresholds[0], thresholds[1]));
        final float[] maps = fixture.get(one + ".maps_f16").toFloatArray();
        for (int layer = 0; layer < LAYERS; layer++) {
            blend.addSource(attention(maps, layer, 0, blend.sourceColumns()));
            blend.addEdit(attention(maps, layer, 1, blend.columns()));
        }
        return blend;
    }

    /** The second case leaves words out. */
    @Test
    void blendsStatesAsTheOriginal() {
        for (int one = 0; one < 2; one++) {
            final NDArray states = Tensors.cast(fixture.get(one + ".x_t"), DataType.FLOAT64);
            final NDArray expected = fixture.get(one + ".out.x_t").get(CALLS - 1);
            final NDArray blended = blend(one, level(states)).exchanged(states);
            assertEquals(
                    0,
                    Tensors.cast(expected, DataType.FLOAT64)
                            .sub(blended)
                            .abs()
                            .max()
                            .getDouble(),
                    1e-6,
                    "case " + one);
        }
    }

    /** How often a state of the fixture is as wide as the maps. */
    private static int level(final NDArray states) {
        return Math.toIntExact(states.getShape().get(2)) / SIDE - 1;
    }

    @Test
    void masksAreThoseOfTheOriginal() {
        for (int one = 0; one < 2; one++) {
            final NDArray states = Tensors.cast(fixture.get(one + ".x_t"), DataType.FLOAT64);
            final double[] mask = mask(blend(one, level(states)), states);
            final float[] words = fixture.get(one + ".out.mask_main").get("1:2").toFloatArray();
            final float[] kept =
                    one == 0 ? null : fixture.get("1.out.mask_sub").get("1:2").toFloatArray();
            for (int i = 0; i < mask.length; i++)
                assertEquals(words[i] > 0 && (kept == null || kept[i] > 0), mask[i] == 1, "case " + one + " at " + i);
        }
    }

    /** 1 where the edit is free, of one channel. */
    private static double[] mask(final LocalBlend blend, final NDArray states) {
        final NDArray zeros = states.get("0:1").mul(0);
        return blend.exchanged(zeros.concat(zeros.add(1))).get("1, 0").toDoubleArray();
    }

    /** As the exact samplers keep states: integers that no float64 holds, each the source's or the edit's. */
    @Test
    void integersAreTakenOverWhole() {
        final NDArray states = Tensors.cast(fixture.get("0.x_t"), DataType.FLOAT64);
        final LocalBlend blend = blend(0, level(states));
        final double[] mask = mask(blend, states);
        final Random random = new Random(1);
        final long[] integers = LongStream.generate(() -> random.nextLong() >> 1)
                .limit(states.size())
                .toArray();
        final long[] after = blend.exchanged(
                        Tensors.of(manager, integers, states.getShape().getShape()))
                .toLongArray();
        final int half = integers.length / 2;
        int outside = 0;
        for (int i = 0; i < half; i++) {
            assertEquals(integers[i], after[i], "the source stays");
            final boolean free = mask[i % mask.length] == 1;
            assertEquals(free ? integers[half + i] : integers[i], after[half + i]);
            if (!free) outside++;
        }
        assertTrue(outside > half / 10 && outside < half, outside + " of " + half + " outside");
    }

    @Test
    void beforeAnythingWasAttendedToNothingIsTakenOver() {
        final NDArray states = Tensors.cast(fixture.get("0.x_t"), DataType.FLOAT64);
        final LocalBlend blend =
                new LocalBlend(columns(0, 0), columns(0, 1), 1, new BlendWords(List.of("any"), List.of()));
        assertSame(states, blend.exchanged(states));
    }

    /** A word that a prompt does not have belongs nowhere in its image. */
    @Test
    void ofTwoPromptsOneMayLackTheWords() {
        final double[] some = new double[2 * PLACES];
        for (int i = 0; i < PLACES; i++) some[2 * i] = i < SIDE ? 1 : 0.1;
        final WordMask.Size size = new WordMask.Size(SIDE, SIDE);
        final boolean[] mask =
                WordMask.of(List.of(new double[2 * PLACES], some), size, size, new BlendWords(List.of("a"), List.of()));
        for (int i = 0; i < PLACES; i++) assertEquals(i < 2 * SIDE, mask[i], "pooled by one row, at " + i);
    }

    @Test
    void attentionThatDoesNotFitIsRefused() {
        final WordMask.Size size = new WordMask.Size(3, 3);
        assertThrows(
                IllegalStateException.class,
                () -> WordMask.of(List.of(new double[16]), size, size, new BlendWords(List.of("a"), List.of())));
    }
}
