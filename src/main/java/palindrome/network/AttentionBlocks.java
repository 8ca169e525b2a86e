package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/** The list {@code attentions} of a block, one self-attention a layer. */
final class AttentionBlocks {

    private final List<AttentionBlock> blocks = new ArrayList<>();

    AttentionBlocks(final ModuleScope scope, final UNet2DConfig config, final int level, final int layers) {
        for (int j = 0; j < layers; j++)
            blocks.add(AttentionBlock.normed(
                    scope.child("attentions", j),
                    config.blockOutChannels().get(level),
                    config.attentionHeads(level),
                    config.normNumGroups(),
                    config.normEps(),
                    1));
    }

    /**
     * @param layer which block
     * @param hidden closed when done
     * @return the block's result
     */
    NDArray consume(final int layer, final NDArray hidden) {
        final NDArray result = blocks.get(layer).forward(hidden);
        hidden.close();
        return result;
    }
}
