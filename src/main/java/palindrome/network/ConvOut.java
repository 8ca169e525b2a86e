package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** The last norm and convolution of a UNet. */
final class ConvOut {

    private final Kernels.Handle kernel;
    private final Parameters parameters;

    /** @param side of the convolution, odd */
    ConvOut(final ModuleScope scope, final UNetConfig config, final int out, final int side) {
        final int finest = config.blockOutChannels().get(0);
        kernel = scope.kernel(
                "conv_out.py", Map.of("PADDING", side / 2, "GROUPS", config.normNumGroups(), "EPS", config.normEps()));
        parameters = scope.parameters()
                .norm("conv_norm_out", finest)
                .conv("conv_out", out, finest, side)
                .build();
    }

    /**
     * @param hidden [B, C, H, W]
     * @return [B, out, H, W]
     */
    NDArray forward(final NDArray hidden) {
        return kernel.call("forward", parameters, hidden);
    }

    /** As above, divided by the timesteps [B]. */
    NDArray forwardOver(final NDArray timesteps, final NDArray hidden) {
        try (NDArray output = forward(hidden)) {
            return kernel.call("over_timesteps", Parameters.NONE, output, timesteps);
        }
    }
}
