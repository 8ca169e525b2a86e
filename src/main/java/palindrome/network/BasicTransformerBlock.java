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

    private static final double EPS = 1e-5;
    private static final int FEED_FORWARD_FACTOR = 4;

    private final Kernels.Handle kernel;
    private final Parameters selfAttention;
    private final Parameters crossAttention;
    private final Parameters feedForward;

    BasicTransformerBlock(final ModuleScope scope, final int channels, final int heads, final int crossAttentionDim) {
        kernel = scope.kernel("basic_transformer_block.py", Map.of("HEADS", heads, "EPS", EPS));
        selfAttention = attention(scope.parameters().norm("norm1", channels), "attn1", channels, channels);
        crossAttention = attention(scope.parameters().norm("norm2", channels), "attn2", channels, crossAttentionDim);
        final long inner = (long) FEED_FORWARD_FACTOR * channels;
        feedForward = scope.parameters()
                .norm("norm3", channels)
                .linear("ff.net.0.proj", 2 * inner, channels)
                .linear("ff.net.2", channels, inner)
                .build();
    }

    /**
     * @param tokens [B, H·W, C]
     * @param context text states [B, L, D]
     * @return [B, H·W, C]
     */
    NDArray forward(final NDArray tokens, final NDArray context) {
        try (NDArray first = kernel.call("self_attention", selfAttention, tokens);
                NDArray second = kernel.call("cross_attention", crossAttention, first, context)) {
            return kernel.call("feed_forward", feedForward, second);
        }
    }

    private static Parameters attention(
            final Parameters.Builder builder, final String name, final int channels, final int contextDim) {
        return builder.matrix(name + ".to_q", channels, channels)
                .matrix(name + ".to_k", channels, contextDim)
                .matrix(name + ".to_v", channels, contextDim)
                .linear(name + ".to_out.0", channels, channels)
                .build();
    }
}
