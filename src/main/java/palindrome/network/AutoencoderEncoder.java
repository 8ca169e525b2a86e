package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** diffusers' Encoder: image to moments or latent. */
final class AutoencoderEncoder {

    private final CoderBlocks blocks;

    /**
     * @param in channels of an image
     * @param out channels of the result
     */
    AutoencoderEncoder(final ModuleScope scope, final CoderConfig config, final int in, final int out) {
        final List<Integer> channels = config.blockOutChannels();
        final int last = config.levels() - 1;
        blocks = new CoderBlocks(scope, config).convIn(in, channels.get(0));
        for (int level = 0; level <= last; level++) {
            final ModuleScope block = scope.child("down_blocks", level);
            final int width = channels.get(level);
            blocks.layers(
                    block,
                    config.layersPerBlock(),
                    channels.get(Math.max(level - 1, 0)),
                    width,
                    config.downBlockTypes().get(level).equals(AutoencoderAttention.DOWN_BLOCK));
            if (level < last) blocks.down(block, width);
        }
        blocks.middle(channels.get(last)).convOut(channels.get(last), out);
    }

    /** @param scope owner of the result and of nothing else in the end */
    NDArray forward(final NDArray images, final Runnable beforeBlock, final NDManager scope) {
        return blocks.forward(images, beforeBlock, scope);
    }
}
