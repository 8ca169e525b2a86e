package palindrome.network;

import ai.djl.ndarray.NDArray;

/** The coarsest level: resnet, transformer, resnet. */
final class UNetMidBlock2DCrossAttn {

    private final ResnetBlock2D first;
    private final Attentions attentions;
    private final ResnetBlock2D second;

    UNetMidBlock2DCrossAttn(final ModuleScope scope, final UNet2DConditionConfig config) {
        final int level = config.levels() - 1;
        final int channels = config.blockOutChannels().get(level);
        first = new ResnetBlock2D(scope.child("resnets", 0), config, channels, channels, config.midBlockScaleFactor());
        attentions = new Attentions(scope, config, level, 1);
        second = new ResnetBlock2D(scope.child("resnets", 1), config, channels, channels, config.midBlockScaleFactor());
    }

    /**
     * @param hidden [B, C, H, W]; stays the caller's
     * @return [B, C, H, W]
     */
    NDArray forward(final NDArray hidden, final BlockContext context) {
        final NDArray attended = attentions.consume(0, first.forward(hidden, context.temb()), context);
        final NDArray result = second.forward(attended, context.temb());
        attended.close();
        return result;
    }
}
