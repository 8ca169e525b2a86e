package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;
import palindrome.engine.Tensors;

/**
 * One attention layer of a transformer block, with the norm before it and the sum with its input after it, and what an
 * {@link AttentionProcessor} may do instead of it. Attention is PyTorch's fused kernel in every case, whose memory grows with
 * the tokens and not with their square.
 */
public final class AttentionLayer {

    static final double EPS = 1e-5;

    private static final String FUSED = "basic_transformer_block.py";
    private static final String CONTROL = "attention_control.py";

    private final int level;
    private final Kernels.Handle fused;
    private final Kernels.Handle control;
    private final Parameters parameters;

    private AttentionLayer(
            final ModuleScope scope,
            final int level,
            final int heads,
            final String norm,
            final String attention,
            final int channels,
            final int contextDim) {
        this.level = level;
        final Map<String, Number> constants = Map.of("HEADS", heads, "EPS", EPS);
        fused = scope.kernel(FUSED, constants);
        control = scope.kernel(List.of(CONTROL, FUSED), constants);
        parameters = scope.parameters()
                .norm(norm, channels)
                .matrix(attention + ".to_q", channels, channels)
                .matrix(attention + ".to_k", channels, contextDim)
                .matrix(attention + ".to_v", channels, contextDim)
                .linear(attention + ".to_out.0", channels, channels)
                .build();
    }

    /** The layer in which the tokens of a block attend to each other. */
    static AttentionLayer self(final ModuleScope scope, final int level, final int channels, final int heads) {
        return new AttentionLayer(scope, level, heads, "norm1", "attn1", channels, channels);
    }

    /** The layer in which the tokens of a block attend to text states of a width. */
    static AttentionLayer cross(
            final ModuleScope scope, final int level, final int channels, final int heads, final int contextDim) {
        return new AttentionLayer(scope, level, heads, "norm2", "attn2", channels, contextDim);
    }

    /** @return resolution level of its tokens, 0 the finest; each level halves both sides, rounded up */
    public int level() {
        return level;
    }

    /** As {@link AttentionProcessor#selfAttention}, in a layer of that kind. */
    public NDArray selfAttention(final NDArray tokens) {
        return fused.call("self_attention", parameters, tokens);
    }

    /** As {@link AttentionProcessor#crossAttention}, in a layer of that kind. */
    public NDArray crossAttention(final NDArray tokens, final NDArray text) {
        return fused.call("cross_attention", parameters, tokens, text);
    }

    /**
     * Self-attention with another image's queries and keys, which say what belongs together in it, and the tokens' own
     * values (self-attention injection, Hertz et al. 2022).
     *
     * @param tokens [B, places, C]
     * @param source what this layer was given of the other image, same shape
     * @return as {@link #selfAttention}; the same bits as that for equal inputs
     */
    public NDArray injectedSelfAttention(final NDArray tokens, final NDArray source) {
        return control.call("injected_self_attention", parameters, tokens, source);
    }

    /**
     * Cross-attention by a rule.
     *
     * @param tokens [B, places, C]
     * @param text its states [B, L, D]
     * @param source what this layer was given of the other image, same shape as the tokens
     * @param sourceText and of its text, [B, Ls, D]
     * @param mix the rule
     * @return as {@link #crossAttention}; the same bits as that for equal inputs and a rule that takes everything over
     */
    public NDArray mixedCrossAttention(
            final NDArray tokens,
            final NDArray text,
            final NDArray source,
            final NDArray sourceText,
            final AttentionMix mix) {
        if (!mix.usesSource()) return weightedCrossAttention(tokens, text, mix);
        try (NDManager scope = tokens.getManager().newSubManager(tokens.getDevice())) {
            final NDArray fromSource = like(tokens, scope, mix.fromSource(), mix.length());
            if (!mix.usesOwn())
                return control.call("source_cross_attention", parameters, tokens, text, source, sourceText, fromSource);
            final NDArray own = like(tokens, scope, mix.own(), mix.length());
            return control.call("mixed_cross_attention", parameters, tokens, text, own, source, sourceText, fromSource);
        }
    }

    /**
     * As above, by a rule that takes nothing over.
     *
     * @param mix the rule, of which only the weights of the tokens count
     */
    public NDArray weightedCrossAttention(final NDArray tokens, final NDArray text, final AttentionMix mix) {
        try (NDManager scope = tokens.getManager().newSubManager(tokens.getDevice())) {
            return control.call(
                    "weighted_cross_attention", parameters, tokens, text, like(tokens, scope, mix.own(), mix.length()));
        }
    }

    /**
     * How much every place attends to some tokens: P·columns, the mean over the heads.
     *
     * @param tokens [B, places, C]
     * @param text states [B, L, D]
     * @param columns weights of the tokens, [L, W], row-major
     * @return float32 values [B, places, W], row-major, in host memory
     */
    public float[] attention(final NDArray tokens, final NDArray text, final float[] columns) {
        final int width = columns.length / (int) text.getShape().get(1);
        try (NDManager scope = tokens.getManager().newSubManager(tokens.getDevice())) {
            scope.tempAttachAll(tokens);
            final NDArray weights = like(tokens, scope, columns, width);
            return control.call("attention_to", parameters, tokens, text, weights)
                    .toFloatArray();
        }
    }

    /** A matrix of the tokens' type on their device. */
    private static NDArray like(final NDArray tokens, final NDManager scope, final float[] values, final int columns) {
        return Tensors.cast(Tensors.of(scope, values, values.length / columns, columns), tokens.getDataType());
    }
}
