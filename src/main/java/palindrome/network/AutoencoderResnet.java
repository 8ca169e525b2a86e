package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** A ResnetBlock2D that hears no timestep. */
final class AutoencoderResnet {

    private final Kernels.Handle kernel;
    private final String method;
    private final Parameters parameters;

    AutoencoderResnet(final ModuleScope scope, final int in, final int out, final CoderConfig config) {
        kernel = scope.kernel(
                "autoencoder_resnet.py", Map.of("GROUPS", config.normNumGroups(), "EPS", CoderConfig.NORM_EPS));
        method = in == out ? "forward" : "forward_shortcut";
        final Parameters.Builder builder = scope.parameters()
                .norm("norm1", in)
                .conv("conv1", out, in, 3)
                .norm("norm2", out)
                .conv("conv2", out, out, 3);
        if (in != out) builder.conv("conv_shortcut", out, in, 1);
        parameters = builder.build();
    }

    /**
     * @param hidden [B, in, H, W]
     * @return [B, out, H, W]
     */
    NDArray forward(final NDArray hidden) {
        return kernel.call(method, parameters, hidden);
    }
}
