package palindrome.network;

import ai.djl.ndarray.NDArray;

/** A level whose resnet blocks are each followed by a transformer. */
final class CrossAttnUpBlock2D extends UpBlock {

    private final Attentions attentions;

    CrossAttnUpBlock2D(final ModuleScope scope, final UNet2DConditionConfig config, final int level) {
        super(scope, config, level, Resampling.CONV);
        attentions =
                new Attentions(scope, config, level, config.layersPerBlock().get(level) + 1);
    }

    @Override
    NDArray attend(final int layer, final NDArray hidden, final BlockContext context) {
        return attentions.consume(layer, hidden, context);
    }
}
