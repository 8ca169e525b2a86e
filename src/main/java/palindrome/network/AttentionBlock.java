package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * Self-attention of pixels, whose projections have biases, with a group norm
 * before it and its input added after it.
 */
final class AttentionBlock {

    private final Kernels.Handle kernel;
    private final String method;
    private final Parameters parameters;

    private AttentionBlock(
            final Kernels.Handle kernel, final String method, final Parameters.Builder builder, final int channels) {
        this.kernel = kernel;
        this.method = method;
        parameters = builder.linear("to_q", channels, channels)
                .linear("to_k", channels, channels)
                .linear("to_v", channels, channels)
                .linear("to_out.0", channels, channels)
                .build();
    }

    /**
     * @param heads number of heads, which divides the channels
     * @param groups groups of the norm
     * @param eps of the norm
     * @param outputScaleFactor divides the result
     */
    static AttentionBlock normed(
            final ModuleScope scope,
            final int channels,
            final int heads,
            final int groups,
            final double eps,
            final double outputScaleFactor) {
        return new AttentionBlock(
                kernel(scope, heads, groups, eps, outputScaleFactor),
                "forward",
                scope.parameters().norm("group_norm", channels),
                channels);
    }

    /** As above, without a norm. */
    static AttentionBlock unnormed(
            final ModuleScope scope, final int channels, final int heads, final double outputScaleFactor) {
        return new AttentionBlock(
                kernel(scope, heads, 1, 1, outputScaleFactor), "forward_without_norm", scope.parameters(), channels);
    }

    private static Kernels.Handle kernel(
            final ModuleScope scope,
            final int heads,
            final int groups,
            final double eps,
            final double outputScaleFactor) {
        return scope.kernel(
                "attention_block.py",
                Map.of("HEADS", heads, "GROUPS", groups, "EPS", eps, "OUTPUT_SCALE", outputScaleFactor));
    }

    /**
     * @param hidden [B, C, H, W]; stays the caller's
     * @return [B, C, H, W]
     */
    NDArray forward(final NDArray hidden) {
        return kernel.call(method, parameters, hidden);
    }
}
