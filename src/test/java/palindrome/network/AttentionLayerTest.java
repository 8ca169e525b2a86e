package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** What an attention layer does under control, against probabilities that are written out, changed, and multiplied. */
class AttentionLayerTest {

    private static final int HEADS = 2;
    private static final int CHANNELS = 8;
    private static final int TEXT_WIDTH = 6;
    private static final int PLACES = 12;
    private static final int TOKENS = 5;
    private static final int SOURCE_TOKENS = 7;
    private static final double TOLERANCE = 1e-12;

    private NDManager manager;
    private Kernels kernels;
    private DrawnWeights weights;
    private AttentionLayer self;
    private AttentionLayer cross;
    private NDArray tokens;
    private NDArray source;
    private NDArray text;
    private NDArray sourceText;

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
        kernels = new Kernels();
        weights = new DrawnWeights(manager, shapes());
        final ModuleScope scope = new ModuleScope("", weights, kernels);
        self = AttentionLayer.self(scope, 1, CHANNELS, HEADS);
        cross = AttentionLayer.cross(scope, 1, CHANNELS, HEADS, TEXT_WIDTH);
        tokens = weights.draw(2, new Shape(2, PLACES, CHANNELS));
        source = weights.draw(2, new Shape(2, PLACES, CHANNELS));
        text = weights.draw(3, new Shape(2, TOKENS, TEXT_WIDTH));
        sourceText = weights.draw(3, new Shape(2, SOURCE_TOKENS, TEXT_WIDTH));
    }

    @AfterEach
    void close() {
        kernels.close();
        manager.close();
    }

    private static Map<String, Shape> shapes() {
        final Map<String, Shape> shapes = new LinkedHashMap<>();
        for (final String norm : new String[] {"norm1", "norm2"}) {
            shapes.put(norm + ".weight", new Shape(CHANNELS));
            shapes.put(norm + ".bias", new Shape(CHANNELS));
        }
        for (final String layer : new String[] {"attn1", "attn2"}) {
            final int width = layer.equals("attn1") ? CHANNELS : TEXT_WIDTH;
            shapes.put(layer + ".to_q.weight", new Shape(CHANNELS, CHANNELS));
            shapes.put(layer + ".to_k.weight", new Shape(CHANNELS, width));
            shapes.put(layer + ".to_v.weight", new Shape(CHANNELS, width));
            shapes.put(layer + ".to_out.0.weight", new Shape(CHANNELS, CHANNELS));
            shapes.put(layer + ".to_out.0.bias", new Shape(CHANNELS));
        }
        return shapes;
    }

    private NDArray normed(final NDArray x, final String norm) {
        final NDArray centred = x.sub(x.mean(new int[] {2}, true));
        final NDArray variance = centred.square().mean(new int[] {2}, true);
        return centred.div(variance.add(AttentionLayer.EPS).sqrt())
                .mul(weights.get(norm + ".weight"))
                .add(weights.get(norm + ".bias"));
    }

    private NDArray heads(final NDArray x, final String matrix) {
        final NDArray projected = x.matMul(weights.get(matrix + ".weight").transpose());
        return projected
                .reshape(2, x.getShape().get(1), HEADS, CHANNELS / HEADS)
                .transpose(0, 2, 1, 3);
    }

    /** P, [B, heads, places, tokens]. */
    private NDArray probabilities(final String layer, final NDArray queries, final NDArray keys) {
        return heads(queries, layer + ".to_q")
                .matMul(heads(keys, layer + ".to_k").transpose(0, 1, 3, 2))
                .div(Math.sqrt(CHANNELS / HEADS))
                .softmax(3);
    }

    private double[] output(final String layer, final NDArray probabilities, final NDArray context) {
        final NDArray h = probabilities
                .matMul(heads(context, layer + ".to_v"))
                .transpose(0, 2, 1, 3)
                .reshape(2, PLACES, CHANNELS);
        return h.matMul(weights.get(layer + ".to_out.0.weight").transpose())
                .add(weights.get(layer + ".to_out.0.bias"))
                .add(tokens)
                .toDoubleArray();
    }

    private NDArray matrix(final float[] values, final int rows, final int columns) {
        final double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) doubles[i] = values[i];
        return Tensors.of(manager, doubles, rows, columns);
    }

    private static float[] random(final int length) {
        final Random random = new Random(length);
        final float[] values = new float[length];
        for (int i = 0; i < length; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    /** P′ as its definition says. */
    private NDArray mixed(final AttentionMix mix) {
        final NDArray normed = normed(tokens, "norm2");
        final NDArray own = probabilities("attn2", normed, text);
        final NDArray other = probabilities("attn2", normed(source, "norm2"), sourceText);
        return other.matMul(matrix(mix.fromSource(), mix.sourceLength(), mix.length()))
                .add(own.mul(matrix(mix.own(), 1, mix.length())));
    }

    private void assertMixes(final AttentionMix mix) {
        final int before = manager.getManagedArrays().size();
        final double[] actual =
                cross.mixedCrossAttention(tokens, text, source, sourceText, mix).toDoubleArray();
        assertEquals(before + 1, manager.getManagedArrays().size(), "arrays left behind");
        assertArrayEquals(output("attn2", mixed(mix), text), actual, TOLERANCE);
    }

    @Test
    void plainLayersAreTheirDefinition() {
        final NDArray first = normed(tokens, "norm1");
        assertArrayEquals(
                output("attn1", probabilities("attn1", first, first), first),
                self.selfAttention(tokens).toDoubleArray(),
                TOLERANCE);
        final NDArray second = normed(tokens, "norm2");
        assertArrayEquals(
                output("attn2", probabilities("attn2", second, text), text),
                cross.crossAttention(tokens, text).toDoubleArray(),
                TOLERANCE);
    }

    @Test
    void injectionTakesProbabilitiesOfTheOtherAndValuesOfItsOwn() {
        final NDArray other = normed(source, "norm1");
        assertArrayEquals(
                output("attn1", probabilities("attn1", other, other), normed(tokens, "norm1")),
                self.injectedSelfAttention(tokens, source).toDoubleArray(),
                TOLERANCE);
    }

    @Test
    void rulesOfEveryKindChangeTheProbabilities() {
        final int size = SOURCE_TOKENS * TOKENS;
        assertMixes(new AttentionMix(SOURCE_TOKENS, TOKENS, random(size), random(TOKENS)));
        assertMixes(new AttentionMix(SOURCE_TOKENS, TOKENS, random(size), new float[TOKENS]));
        assertMixes(new AttentionMix(SOURCE_TOKENS, TOKENS, new float[size], random(TOKENS)));
        assertMixes(new AttentionMix(SOURCE_TOKENS, TOKENS, new float[size], new float[TOKENS]));
    }

    /** So that an edit whose prompts are the same is the source, bit for bit. */
    @Test
    void ofEqualInputsAllIsTheFusedResultToTheLastBit() {
        final double[] fused = cross.crossAttention(tokens, text).toDoubleArray();
        final float[] ones = new float[TOKENS];
        java.util.Arrays.fill(ones, 1);
        final float[] identity = new float[TOKENS * TOKENS];
        for (int i = 0; i < TOKENS; i++) identity[i * TOKENS + i] = 1;
        for (final AttentionMix mix : new AttentionMix[] {
            new AttentionMix(TOKENS, TOKENS, identity, new float[TOKENS]),
            new AttentionMix(TOKENS, TOKENS, new float[identity.length], ones)
        })
            assertArrayEquals(
                    fused,
                    cross.mixedCrossAttention(tokens, text, tokens, text, mix).toDoubleArray());
        assertArrayEquals(
                self.selfAttention(tokens).toDoubleArray(),
                self.injectedSelfAttention(tokens, tokens).toDoubleArray());
    }

    @Test
    void attentionToSomeTokensIsTheMeanOverTheHeads() {
        final float[] columns = random(TOKENS * 2);
        final int before = manager.getManagedArrays().size();
        final float[] actual = cross.attention(tokens, text, columns);
        assertEquals(before, manager.getManagedArrays().size(), "arrays left behind");
        final double[] expected = probabilities("attn2", normed(tokens, "norm2"), text)
                .matMul(matrix(columns, TOKENS, 2))
                .mean(new int[] {1})
                .toDoubleArray();
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) assertEquals(expected[i], actual[i], 1e-6);
    }

    /** The attention that a rule leads to, read out without applying it. */
    @Test
    void rulesApplyToColumnsAsToValues() {
        final AttentionMix mix =
                new AttentionMix(SOURCE_TOKENS, TOKENS, random(SOURCE_TOKENS * TOKENS), random(TOKENS));
        final float[] columns = random(TOKENS);
        final float[] taken = cross.attention(source, sourceText, mix.sourceValues(columns));
        final float[] kept = cross.attention(tokens, text, mix.ownValues(columns));
        final double[] expected = mixed(mix)
                .matMul(matrix(columns, TOKENS, 1))
                .mean(new int[] {1})
                .toDoubleArray();
        for (int i = 0; i < expected.length; i++) assertEquals(expected[i], taken[i] + kept[i], 1e-5);
    }

    @Test
    void aRuleOfTheWrongSizeIsRefused() {
        assertEquals(
                "A rule for 2 tokens from 3 others has 5 and 2 numbers.",
                assertThrows(IllegalArgumentException.class, () -> new AttentionMix(3, 2, new float[5], new float[2]))
                        .getMessage());
    }
}
