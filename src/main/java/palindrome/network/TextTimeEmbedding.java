package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/**
 * The text states as one vector that is added to the time embedding
 * ({@code addition_embed_type: text}), so that every resnet block hears the prompt,
 * at every resolution. The vector is pooled by attention from the mean of the states
 * (DeepFloyd's IF).
 */
final class TextTimeEmbedding {

    private static final double EPS = 1e-5;

    private final Kernels.Handle kernel;
    private final Parameters parameters;

    TextTimeEmbedding(final ModuleScope scope, final AdditionEmbedType.Text type, final UNet2DConditionConfig config) {
        final int width = config.crossAttentionDim().get(0);
        kernel = scope.kernel("text_time_embedding.py", Map.of("HEADS", type.heads(), "EPS", EPS));
        parameters = scope.parameters()
                .norm("norm1", width)
                .row("pool.positional_embedding", width)
                .linear("pool.k_proj", width, width)
                .linear("pool.q_proj", width, width)
                .linear("pool.v_proj", width, width)
                .linear("proj", config.timeEmbeddingDim(), width)
                .norm("norm2", config.timeEmbeddingDim())
                .build();
    }

    /**
     * @param temb time embedding [B, width]
     * @param context text states [B, L, D]
     * @return their sum [B, width], owned by the manager of {@code temb}
     */
    NDArray addTo(final NDArray temb, final NDArray context) {
        return kernel.call("add_to", parameters, temb, context);
    }
}
