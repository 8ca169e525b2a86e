package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * Two normalised 3×3 convolutions with the time embedding between them and a
 * residual connection, which is a 1×1 convolution where the number of channels
 * changes.
 */
final class ResnetBlock2D {

    private final Kernels.Handle kernel;
    private final String method;
    private final Parameters parameters;

    ResnetBlock2D(
            final ModuleScope scope,
            final TimeConditionedConfig config,
            final int in,
            final int out,
            final double outputScaleFactor) {
        final boolean scaleShift = config.resnetTimeScaleShift() == TimeScaleShift.SCALE_SHIFT;
        kernel = scope.kernel(
                "resnet_block_2d.py",
                Map.of("GROUPS", config.normNumGroups(), "EPS", config.normEps(), "OUTPUT_SCALE", outputScaleFactor));
        method = (scaleShift ? "forward_scale_shift" : "forward") + (in == out ? "" : "_shortcut");
        final Parameters.Builder builder = scope.parameters() //
                .norm("norm1", in)
                .conv("conv1", out, in, 3) //
                .linear("time_emb_proj", scaleShift ? 2L * out : out, config.timeEmbeddingDim()) //
                .norm("norm2", out)
                .conv("conv2", out, out, 3);
        if (in != out) builder.conv("conv_shortcut", out, in, 1);
        parameters = builder.build();
    }

    /**
     * @param hidden [B, in, H, W]
     * @param temb [B, time embedding width]
     * @return [B, out, H, W]
     */
    NDArray forward(final NDArray hidden, final NDArray temb) {
        return kernel.call(method, parameters, hidden, temb);
    }
}
