package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Sines and cosines of 2π·W·ln t, with frequencies W drawn once before training (NCSN++). */
final class GaussianFourierProjection implements TimeProjection {

    private final Kernels.Handle kernel;
    private final Parameters frequencies;

    /** @param count number of frequencies, half the width of the result; they are called {@code time_proj.weight} */
    GaussianFourierProjection(final ModuleScope scope, final int count) {
        kernel = scope.kernel("gaussian_fourier_projection.py", Map.of("PI", Math.PI));
        frequencies = scope.parameters().vector("time_proj.weight", count).build();
    }

    @Override
    public NDArray forward(final NDArray sample, final NDArray timesteps) {
        return kernel.call("forward", frequencies, sample, timesteps);
    }
}
