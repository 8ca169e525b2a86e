package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Pixels as tokens through transformer blocks, added to the input.
 */
final class Transformer2DModel {

    /** The norm's own epsilon; the {@code norm_eps} of the UNet is not used. */
    private static final double EPS = 1e-6;

    private final Kernels.Handle kernel;
    private final Parameters projIn;
    private final Parameters projOut;
    private final List<BasicTransformerBlock> blocks = new ArrayList<>();

    /** @param level resolution level, 0 the finest */
    Transformer2DModel(final ModuleScope scope, final UNet2DConditionConfig config, final int level) {
        final int channels = config.blockOutChannels().get(level);
        kernel = scope.kernel("transformer_2d.py", Map.of("GROUPS", config.normNumGroups(), "EPS", EPS));
        final Parameters.Builder in = scope.parameters().norm("norm", channels);
        projIn = projection(in, config, "proj_in", channels);
        final int depth = config.transformerLayersPerBlock().get(level);
        for (int i = 0; i < depth; i++)
            blocks.add(new BasicTransformerBlock(
                    scope.child("transformer_blocks", i),
                    level,
                    channels,
                    config.attentionHeads().get(level),
                    config.crossAttentionDim().get(level)));
        projOut = projection(scope.parameters(), config, "proj_out", channels);
    }

    /**
     * @param hidden [B, C, H, W]
     * @return [B, C, H, W]
     */
    NDArray forward(final NDArray hidden, final BlockContext context) {
        NDArray tokens = kernel.call("project_in", projIn, hidden);
        for (final BasicTransformerBlock block : blocks) {
            final NDArray next = block.forward(tokens, context);
            tokens.close();
            tokens = next;
        }
        final NDArray result = kernel.call("project_out", projOut, tokens, hidden);
        tokens.close();
        return result;
    }

    private static Parameters projection(
            final Parameters.Builder builder,
            final UNet2DConditionConfig config,
            final String name,
            final int channels) {
        return (config.useLinearProjection()
                        ? builder.linear(name, channels, channels)
                        : builder.conv(name, channels, channels, 1))
                .build();
    }
}
