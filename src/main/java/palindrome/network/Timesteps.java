package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * Sinusoids of the timestep.
 * <p>
 * With half = channels / 2 the frequencies are exp(−ln 10000 · i / (half −
 * freq_shift)), i = 0 … half − 1, in float32 whatever the network's type.
 */
final class Timesteps implements TimeProjection {

    private final Kernels.Handle kernel;
    private final String method;

    /**
     * @param channels width of the result, even
     * @param flipSinToCos whether cosines precede sines
     * @param freqShift subtracted from the number of frequencies in their exponent
     */
    Timesteps(final ModuleScope scope, final int channels, final boolean flipSinToCos, final double freqShift) {
        final int half = channels / 2;
        kernel = scope.kernel(
                "timesteps.py",
                Map.of("HALF", half, "DIVISOR", half - freqShift, "NEG_LOG_MAX_PERIOD", -Math.log(10000)));
        method = flipSinToCos ? "cos_sin" : "sin_cos";
    }

    @Override
    public NDArray forward(final NDArray sample, final NDArray timesteps) {
        return kernel.call(method, Parameters.NONE, sample, timesteps);
    }
}
