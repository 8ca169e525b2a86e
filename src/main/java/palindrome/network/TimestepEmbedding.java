package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** A two-layer perceptron that makes a time embedding of a projected timestep, or of any other vector. */
final class TimestepEmbedding {

    private final Kernels.Handle kernel;
    private final Parameters condProj;
    private final Parameters parameters;

    /**
     * @param in width of the vector
     * @param width width of the time embedding
     */
    TimestepEmbedding(final ModuleScope scope, final int in, final int width) {
        this(scope, Parameters.NONE, in, width);
    }

    private TimestepEmbedding(final ModuleScope scope, final Parameters condProj, final int in, final int width) {
        kernel = scope.kernel("timestep_embedding.py", Map.of());
        this.condProj = condProj;
        parameters = scope.parameters() //
                .linear("linear_1", width, in) //
                .linear("linear_2", width, width)
                .build();
    }

    /**
     * One that may also hear a second vector, as networks distilled from guidance do.
     *
     * @param conditionDim width of that vector ({@code time_cond_proj_dim})
     */
    static TimestepEmbedding conditioned(
            final ModuleScope scope, final int in, final int width, final int conditionDim) {
        return new TimestepEmbedding(
                scope, scope.parameters().matrix("cond_proj", in, conditionDim).build(), in, width);
    }

    /**
     * @param vector [B, in]
     * @return [B, width]
     */
    NDArray forward(final NDArray vector) {
        return kernel.call("forward", parameters, vector);
    }

    /**
     * @param vector [B, in]
     * @param condition [B, time_cond_proj_dim]
     * @return [B, width]
     */
    NDArray forward(final NDArray vector, final NDArray condition) {
        try (NDArray both = kernel.call("add_condition", condProj, vector, condition)) {
            return forward(both);
        }
    }
}
