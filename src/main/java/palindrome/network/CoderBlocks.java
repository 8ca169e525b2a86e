package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The blocks of one half of an autoencoder, one after the other. Each result is freed as soon as the next is there, so
 * that memory holds one block at a time.
 */
final class CoderBlocks {

    private final ModuleScope scope;
    private final CoderConfig config;
    private final Kernels.Handle kernel;
    private final List<UnaryOperator<NDArray>> blocks = new ArrayList<>();

    CoderBlocks(final ModuleScope scope, final CoderConfig config) {
        this.scope = scope;
        this.config = config;
        kernel = scope.kernel("autoencoder.py", Map.of("GROUPS", config.normNumGroups(), "EPS", CoderConfig.NORM_EPS));
    }

    /** The first convolution, 3×3. */
    CoderBlocks convIn(final int in, final int out) {
        return kernel("conv_in", scope.parameters().conv("conv_in", out, in, 3).build());
    }

    /** The last norm and convolution, 3×3. */
    CoderBlocks convOut(final int in, final int out) {
        return kernel(
                "conv_out",
                scope.parameters()
                        .norm("conv_norm_out", in)
                        .conv("conv_out", out, in, 3)
                        .build());
    }

    /**
     * Resnets of one level.
     *
     * @param block scope of the level
     * @param attention whether there is attention after each
     */
    CoderBlocks layers(final ModuleScope block, final int count, final int in, final int out, final boolean attention) {
        for (int j = 0; j < count; j++) {
            blocks.add(new AutoencoderResnet(block.child("resnets", j), j == 0 ? in : out, out, config)::forward);
            if (attention) blocks.add(new AutoencoderAttention(block.child("attentions", j), out, config)::forward);
        }
        return this;
    }

    /** The coarsest level: resnet, attention unless the model has none, resnet. */
    CoderBlocks middle(final int channels) {
        final ModuleScope mid = scope.child("mid_block");
        blocks.add(new AutoencoderResnet(mid.child("resnets", 0), channels, channels, config)::forward);
        if (config.midBlockAddAttention())
            blocks.add(new AutoencoderAttention(mid.child("attentions", 0), channels, config)::forward);
        blocks.add(new AutoencoderResnet(mid.child("resnets", 1), channels, channels, config)::forward);
        return this;
    }

    /** Half the size, by a convolution of stride 2 padded at the bottom and on the right. */
    CoderBlocks down(final ModuleScope block, final int channels) {
        final Downsample2D downsampler = new Downsample2D(block.child("downsamplers", 0), channels, 0);
        blocks.add(downsampler::forward);
        return this;
    }

    /** Twice the size. */
    CoderBlocks up(final ModuleScope block, final int channels) {
        return kernel(
                "up",
                block.child("upsamplers", 0)
                        .parameters()
                        .conv("conv", channels, channels, 3)
                        .build());
    }

    private CoderBlocks kernel(final String method, final Parameters parameters) {
        blocks.add(hidden -> kernel.call(method, parameters, hidden));
        return this;
    }

    /**
     * @param input stays the caller's
     * @param beforeBlock run before every block
     * @param scope owner of the result, and until then of what lies between; holds nothing else of it in the end
     */
    NDArray forward(final NDArray input, final Runnable beforeBlock, final NDManager scope) {
        NDArray hidden = input;
        for (final UnaryOperator<NDArray> block : blocks) {
            beforeBlock.run();
            final NDArray next = block.apply(hidden);
            next.attach(scope);
            if (hidden != input) hidden.close();
            hidden = next;
        }
        return hidden;
    }
}
