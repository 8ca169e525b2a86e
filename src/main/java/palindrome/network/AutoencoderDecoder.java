package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** diffusers' Decoder: latent to image. */
final class AutoencoderDecoder {

    private final CoderBlocks blocks;

    /**
     * @param in channels of a latent
     * @param out channels of an image
     */
    AutoencoderDecoder(final ModuleScope scope, final CoderConfig config, final int in, final int out) {
        final List<Integer> channels = config.blockOutChannels();
        final int last = config.levels() - 1;
        blocks = new CoderBlocks(scope, config).convIn(in, channels.get(last)).middle(channels.get(last));
        for (int index = 0; index <= last; index++) {
            final int level = last - index;
            final ModuleScope block = scope.child("up_blocks", index);
            final int width = channels.get(level);
            blocks.layers(
                    block,
                    config.layersPerBlock() + 1,
                    channels.get(Math.min(level + 1, last)),
                    width,
                    config.upBlockTypes().get(index).equals(AutoencoderAttention.UP_BLOCK));
            if (level > 0) blocks.up(block, width);
        }
        blocks.convOut(channels.get(0), out);
    }

    /** @param scope owner of the result and of nothing else in the end */
    NDArray forward(final NDArray latents, final Runnable beforeBlock, final NDManager scope) {
        return blocks.forward(latents, beforeBlock, scope);
    }
}
