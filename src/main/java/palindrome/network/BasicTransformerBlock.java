package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * Self-attention, cross-attention with the text and a gated feed-forward layer
 * (GEGLU with the exact, erf, GELU), each with its own layer norm and residual.
 * <p>
 * Attention is the fused kernel of PyTorch, which accumulates scores in at least
 * float32; so {@code upcast_attention} needs nothing extra.
 */
final class BasicTransformerBlock {

    private static final int FEED_FORWARD_FACTOR = 4;

    private final Kernels.Handle kernel;
    private final AttentionLayer selfAttention;
    private final AttentionLayer crossAttention;
    private final Parameters feedForward;

    /** @param level resolution level of the tokens, 0 the finest */
    BasicTransformerBlock(
            final ModuleScope scope,
            final int level,
            final int channels,
            final int heads,
            final int crossAttentionDim) {
        kernel = scope.kernel("basic_transformer_block.py", Map.of("HEADS", heads, "EPS", AttentionLayer.EPS));
        selfAttention = AttentionLayer.self(scope, level, channels, heads);
        crossAttention = AttentionLayer.cross(scope, level, channels, heads, crossAttentionDim);
        final long inner = (long) FEED_FORWARD_FACTOR * channels;
        feedForward = scope.parameters()
                .norm("norm3", channels)
                .linear("ff.net.0.proj", 2 * inner, channels)
                .linear("ff.net.2", channels, inner)
                .build();
    }

    /**
     * @param tokens [B, H·W, C]
     * @return [B, H·W, C]
     */
    NDArray forward(final NDArray tokens, final BlockContext context) {
        final AttentionProcessor attention = context.attention();
        try (NDArray first = attention.selfAttention(selfAttention, tokens);
                NDArray second = attention.crossAttention(crossAttention, first, context.text())) {
            return kernel.call("feed_forward", feedForward, second);
        }
    }
}
