package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import palindrome.engine.Tensors;

/**
 * Untrained parameters: uniform in ±1/√fan-in as PyTorch draws them, norms at
 * one, and the last layer of every residual branch at zero, so that each block
 * begins as the identity (Dhariwal and Nichol 2021, zero-initialised modules), and
 * a control network says nothing at first (Zhang et al. 2023, zero convolutions).
 * Words begin far apart: with CLIP's own small embeddings, the words of a caption
 * drown in what attention mixes into them, and a short training never tells them
 * apart.
 */
final class FreshWeights {

    private static final Pattern LAST_OF_BRANCH = Pattern.compile(
            "(controlnet_(cond_embedding\\.conv_out|down_blocks\\.\\d+|mid_block)|.*\\.conv2|.*\\.proj_out|conv_out|.*\\.attn[12]\\.to_out\\.0|.*\\.ff\\.net\\.2|.*\\.self_attn\\.out_proj|.*\\.mlp\\.fc2|add_embedding\\.norm2)\\.(weight|bias)");
    /**
     * Queries and keys of attention to the text. From zero they get no gradient and stay, so that attention takes the
     * mean of all words: trained, it soon looks at the one word that explains most, and never hears the others.
     */
    private static final Pattern ATTENTION_TO_WORDS =
            Pattern.compile("(.*\\.attn2\\.to_[qk]|add_embedding\\.pool\\.[qk]_proj)\\.(weight|bias)");

    private static final Pattern NORM = Pattern.compile(".*(norm\\w*|layer_norm\\d)\\.(weight|bias)");

    private FreshWeights() {}

    /**
     * @param shapes shape of each parameter, by name
     * @param manager owner of the arrays
     * @param random source of the values
     * @return float32 arrays, by name, in the order of the shapes
     */
    static Map<String, NDArray> draw(
            final Map<String, Shape> shapes, final NDManager manager, final RandomGenerator random) {
        final Map<String, NDArray> weights = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> weights.put(
                name, Tensors.of(manager, values(name, shape, fanIn(name, shapes), random), shape.getShape())));
        return weights;
    }

    private static float[] values(
            final String name, final Shape shape, final long fanIn, final RandomGenerator random) {
        final float[] values = new float[(int) shape.size()];
        if (LAST_OF_BRANCH.matcher(name).matches()
                || ATTENTION_TO_WORDS.matcher(name).matches()) return values;
        if (NORM.matcher(name).matches()) {
            if (name.endsWith("weight")) java.util.Arrays.fill(values, 1);
            return values;
        }
        final double bound = 1 / Math.sqrt(fanIn);
        for (int i = 0; i < values.length; i++) values[i] = (float) draw(name, bound, random);
        return values;
    }

    private static double draw(final String name, final double bound, final RandomGenerator random) {
        if (name.endsWith("token_embedding.weight")) return random.nextGaussian();
        if (name.endsWith("position_embedding.weight")) return 0.1 * random.nextGaussian();
        return bound * (2 * random.nextDouble() - 1);
    }

    /** A bias shares the fan-in of its weight. */
    private static long fanIn(final String name, final Map<String, Shape> shapes) {
        final Shape shape = shapes.getOrDefault(name.replaceAll("bias$", "weight"), shapes.get(name));
        return Math.max(1, shape.size() / shape.get(0));
    }
}
