package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * One resolution level on the way down: layers, then a downsampler unless it is
 * the last level. Everything computed is also kept for the way up.
 */
abstract class DownBlock {

    private final List<ResnetBlock2D> resnets = new ArrayList<>();
    private final Downsampler downsampler;

    /** @param level resolution level, 0 the finest */
    DownBlock(final ModuleScope scope, final UNetConfig config, final int level, final Resampling resampling) {
        final int out = config.blockOutChannels().get(level);
        final int in = config.blockOutChannels().get(Math.max(level - 1, 0));
        for (int j = 0; j < config.layersPerBlock().get(level); j++)
            resnets.add(new ResnetBlock2D(scope.child("resnets", j), config, j == 0 ? in : out, out, 1));
        downsampler = level == config.levels() - 1
                ? null
                : downsampler(scope.child("downsamplers", 0), config, out, resampling);
    }

    private static Downsampler downsampler(
            final ModuleScope scope, final UNetConfig config, final int channels, final Resampling resampling) {
        return switch (resampling) {
            case CONV -> new Downsample2D(scope, channels, config.downsamplePadding());
            case RESNET -> new ResamplingResnetBlock2D(scope, config, channels)::down;
        };
    }

    /**
     * @param hidden [B, C, H, W]; stays the caller's
     * @param skips takes every result, the last one on top
     * @return the last result
     */
    final NDArray forward(final NDArray hidden, final BlockContext context, final Deque<NDArray> skips) {
        NDArray last = hidden;
        for (int j = 0; j < resnets.size(); j++) {
            last = attend(j, resnets.get(j).forward(last, context.temb()), context);
            skips.push(last);
        }
        if (downsampler != null) {
            last = downsampler.forward(last, context.temb());
            skips.push(last);
        }
        return last;
    }

    /**
     * What follows resnet {@code layer}.
     *
     * @param hidden consumed: either returned or closed
     */
    abstract NDArray attend(int layer, NDArray hidden, BlockContext context);
}
