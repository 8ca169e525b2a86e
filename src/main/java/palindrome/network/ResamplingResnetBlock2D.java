package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * A resnet block that changes the height and width on its way: down by the mean
 * of 2×2 pixels, up by repeating them. The number of channels stays.
 */
final class ResamplingResnetBlock2D {

    private final Kernels.Handle kernel;
    private final Parameters parameters;

    ResamplingResnetBlock2D(final ModuleScope scope, final TimeConditionedConfig config, final int channels) {
        final boolean scaleShift = config.resnetTimeScaleShift() == TimeScaleShift.SCALE_SHIFT;
        kernel = scope.kernel(
                "resampling_resnet_block_2d.py", Map.of("GROUPS", config.normNumGroups(), "EPS", config.normEps()));
        parameters = scope.parameters() //
                .norm("norm1", channels)
                .conv("conv1", channels, channels, 3)
                .linear("time_emb_proj", scaleShift ? 2L * channels : channels, config.timeEmbeddingDim())
                .norm("norm2", channels)
                .conv("conv2", channels, channels, 3)
                .build();
    }

    /**
     * @param hidden [B, C, H, W]
     * @param temb [B, time embedding width]
     * @return [B, C, ⌊H/2⌋, ⌊W/2⌋]
     */
    NDArray down(final NDArray hidden, final NDArray temb) {
        return kernel.call("down", parameters, hidden, temb);
    }

    /**
     * @param hidden [B, C, h, w]
     * @param temb [B, time embedding width]
     * @param like an array of the height and width wanted
     * @return [B, C, H, W]
     */
    NDArray up(final NDArray hidden, final NDArray temb, final NDArray like) {
        return kernel.call("up", parameters, hidden, temb, like);
    }
}
