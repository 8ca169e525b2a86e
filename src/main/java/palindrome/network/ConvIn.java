package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** The first convolution of a UNet. */
final class ConvIn {

    private final Kernels.Handle kernel;
    private final String method;
    private final Parameters parameters;

    /**
     * @param side of the convolution, odd
     * @param centerInputSample whether the sample is mapped from [0, 1] to [−1, 1]
     */
    ConvIn(final ModuleScope scope, final int in, final int out, final int side, final boolean centerInputSample) {
        kernel = scope.kernel("conv_in.py", Map.of("PADDING", side / 2));
        method = centerInputSample ? "forward_centered" : "forward";
        parameters = scope.parameters().conv("conv_in", out, in, side).build();
    }

    /** @return its weight, whose type and device all of the network shares */
    NDArray weight() {
        return parameters.first();
    }

    /**
     * @param sample [B, in, H, W]
     * @return [B, out, H, W]
     */
    NDArray forward(final NDArray sample) {
        return kernel.call(method, parameters, sample);
    }
}
