package palindrome.network;

import ai.djl.ndarray.NDArray;

/** A level whose resnet blocks are each followed by self-attention. */
final class AttnDownBlock2D extends DownBlock {

    private final AttentionBlocks attentions;

    AttnDownBlock2D(final ModuleScope scope, final UNet2DConfig config, final int level) {
        super(scope, config, level, config.downsampleType());
        attentions = new AttentionBlocks(
                scope, config, level, config.layersPerBlock().get(level));
    }

    @Override
    NDArray attend(final int layer, final NDArray hidden, final BlockContext context) {
        return attentions.consume(layer, hidden);
    }
}
