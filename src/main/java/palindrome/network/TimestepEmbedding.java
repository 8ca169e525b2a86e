package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * Sinusoids of the timestep followed by a two-layer perceptron.
 * <p>
 * With half = channels / 2 the frequencies are exp(−ln 10000 · i / (half −
 * freq_shift)), i = 0 … half − 1, in float32 whatever the network's type.
 */
final class TimestepEmbedding {

    private final Kernels.Handle kernel;
    private final String method;
    private final Parameters parameters;

    TimestepEmbedding(final ModuleScope scope, final TimeConditionedConfig config) {
        final int channels = config.blockOutChannels().get(0);
        final int half = channels / 2;
        kernel = scope.kernel(
                "timestep_embedding.py",
                Map.of("HALF", half, "DIVISOR", half - config.freqShift(), "NEG_LOG_MAX_PERIOD", -Math.log(10000)));
        method = config.flipSinToCos() ? "cos_sin" : "sin_cos";
        parameters = scope.parameters() //
                .linear("linear_1", config.timeEmbeddingDim(), channels) //
                .linear("linear_2", config.timeEmbeddingDim(), config.timeEmbeddingDim())
                .build();
    }

    /**
     * @param sample gives the element type and the owner of the result
     * @param timesteps [B]
     * @return [B, time embedding width]
     */
    NDArray forward(final NDArray sample, final NDArray timesteps) {
        return kernel.call(method, parameters, sample, timesteps);
    }
}
