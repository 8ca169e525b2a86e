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
    private final Parameters parameters;

    BasicTransformerBlock(final ModuleScope scope, final int channels, final int heads, final int crossAttentionDim) {
        kernel = scope.kernel("basic_transformer_block.py", Map.of("HEADS", heads, "EPS", EPS));
        final Parameters.Builder builder = scope.parameters();
        builder.norm("norm1", channels);
        attention(builder, "attn1", channels, channels);
        builder.norm("norm2", channels);
        attention(builder, "attn2", channels, crossAttentionDim);
        builder.norm("norm3", channels);
        final long inner = (long) FEED_FORWARD_FACTOR * channels;
        builder.linear("ff.net.0.proj", 2 * inner, channels);
        builder.linear("ff.net.2", channels, inner);
        parameters = builder.build();
    }

    /**
     * @param tokens [B, H·W, C]
     * @param context text states [B, L, D]
     * @return [B, H·W, C]
     */
    NDArray forward(final NDArray tokens, final NDArray context) {
        return kernel.call("forward", parameters, tokens, context);
    }

    private static void attention(
            final Parameters.Builder builder, final String name, final int channels, final int contextDim) {
        builder.matrix(name + ".to_q", channels, channels);
        builder.matrix(name + ".to_k", channels, contextDim);
        builder.matrix(name + ".to_v", channels, contextDim);
        builder.linear(name + ".to_out.0", channels, channels);
    }
}
