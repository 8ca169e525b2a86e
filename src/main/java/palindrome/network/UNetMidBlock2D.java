package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/** The coarsest level: resnet, self-attention unless the configuration leaves it out, resnet. */
final class UNetMidBlock2D {

    private final ResnetBlock2D first;
    private final Optional<AttentionBlock> attention;
    private final ResnetBlock2D second;

    UNetMidBlock2D(final ModuleScope scope, final UNet2DConfig config) {
        final int level = config.levels() - 1;
        final int channels = config.blockOutChannels().get(level);
        first = new ResnetBlock2D(scope.child("resnets", 0), config, channels, channels, config.midBlockScaleFactor());
        attention = config.addAttention()
                ? Optional.of(attention(scope.child("attentions", 0), config, channels, config.attentionHeads(level)))
                : Optional.empty();
        second = new ResnetBlock2D(scope.child("resnets", 1), config, channels, channels, config.midBlockScaleFactor());
    }

    private static AttentionBlock attention(
            final ModuleScope scope, final UNet2DConfig config, final int channels, final int heads) {
        final int groups = config.midAttentionGroups();
        return groups == 0
                ? AttentionBlock.unnormed(scope, channels, heads, config.midBlockScaleFactor())
                : AttentionBlock.normed(scope, channels, heads, groups, config.normEps(), config.midBlockScaleFactor());
    }

    /**
     * @param hidden [B, C, H, W]; stays the caller's
     * @param temb time embedding
     * @return [B, C, H, W]
     */
    NDArray forward(final NDArray hidden, final NDArray temb) {
        NDArray last = first.forward(hidden, temb);
        if (attention.isPresent()) {
            final NDArray attended = attention.get().forward(last);
            last.close();
            last = attended;
        }
        final NDArray result = second.forward(last, temb);
        last.close();
        return result;
    }
}
