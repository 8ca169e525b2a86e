package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Doubles the height and width: nearest neighbour, then a convolution. */
final class Upsample2D implements Upsampler {

    private final Kernels.Handle kernel;
    private final Parameters parameters;

    Upsample2D(final ModuleScope scope, final int channels) {
        kernel = scope.kernel("upsample_2d.py", Map.of());
        parameters = scope.parameters().conv("conv", channels, channels, 3).build();
    }

    /**
     * @param hidden [B, C, h, w]
     * @param like an array [B, ?, H, W] of the size wanted; H need not be 2h
     * @return [B, C, H, W]
     */
    NDArray forward(final NDArray hidden, final NDArray like) {
        return kernel.call("forward", parameters, hidden, like);
    }

    @Override
    public NDArray forward(final NDArray hidden, final NDArray temb, final NDArray like) {
        return forward(hidden, like);
    }
}
