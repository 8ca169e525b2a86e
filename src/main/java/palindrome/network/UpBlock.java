package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One resolution level on the way up: each layer takes a kept result of the way
 * down beside its input; then an upsampler unless it is the finest level.
 */
abstract class UpBlock {

    private static final int CHANNEL_AXIS = 1;

    private final List<ResnetBlock2D> resnets = new ArrayList<>();
    private final Upsampler upsampler;

    /** @param level resolution level, 0 the finest */
    UpBlock(final ModuleScope scope, final UNetConfig config, final int level, final Resampling resampling) {
        final List<Integer> channels = config.blockOutChannels();
        final int out = channels.get(level);
        final int coarser = channels.get(Math.min(level + 1, config.levels() - 1));
        final int finer = channels.get(Math.max(level - 1, 0));
        final int layers = config.layersPerBlock().get(level) + 1;
        for (int j = 0; j < layers; j++) {
            final int input = j == 0 ? coarser : out;
            final int skip = j == layers - 1 ? finer : out;
            resnets.add(new ResnetBlock2D(scope.child("resnets", j), config, input + skip, out, 1));
        }
        upsampler = level == 0 ? null : upsampler(scope.child("upsamplers", 0), config, out, resampling);
    }

    private static Upsampler upsampler(
            final ModuleScope scope, final UNetConfig config, final int channels, final Resampling resampling) {
        return switch (resampling) {
            case CONV -> new Upsample2D(scope, channels);
            case RESNET -> new ResamplingResnetBlock2D(scope, config, channels)::up;
        };
    }

    /**
     * @param hidden [B, C, H, W]; consumed
     * @param skips results of the way down; those used are taken off and closed
     * @return the result at this level, or upsampled to the size of the next skip
     */
    final NDArray forward(final NDArray hidden, final BlockContext context, final Deque<NDArray> skips) {
        NDArray last = hidden;
        for (int j = 0; j < resnets.size(); j++) {
            final NDArray skip = skips.pop();
            final NDArray both = last.concat(skip, CHANNEL_AXIS);
            last.close();
            skip.close();
            last = attend(j, resnets.get(j).forward(both, context.temb()), context);
            both.close();
        }
        if (upsampler == null) return last;
        final NDArray result = upsampler.forward(last, context.temb(), skips.element());
        last.close();
        return result;
    }

    /**
     * What follows resnet {@code layer}.
     *
     * @param hidden consumed: either returned or closed
     */
    abstract NDArray attend(int layer, NDArray hidden, BlockContext context);
}
