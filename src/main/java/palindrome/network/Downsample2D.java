package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Halves the height and width by a convolution of stride 2. */
final class Downsample2D implements Downsampler {

    private final Kernels.Handle kernel;
    private final String method;
    private final Parameters parameters;

    Downsample2D(final ModuleScope scope, final int channels, final int padding) {
        kernel = scope.kernel("downsample_2d.py", Map.of("PADDING", padding));
        method = padding == 0 ? "forward_asymmetric" : "forward";
        parameters = scope.parameters().conv("conv", channels, channels, 3).build();
    }

    /**
     * @param hidden [B, C, H, W]
     * @return [B, C, ⌈H/2⌉, ⌈W/2⌉] for padding 1
     */
    NDArray forward(final NDArray hidden) {
        return kernel.call(method, parameters, hidden);
    }

    @Override
    public NDArray forward(final NDArray hidden, final NDArray temb) {
        return forward(hidden);
    }
}
