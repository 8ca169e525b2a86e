package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * transformers' CLIPTextModelWithProjection: a {@link CLIPTextModel} and the
 * matrix that takes its pooled state to the space that CLIP compares with images.
 * <p>
 * A pure function of its inputs and weights; it may run on several threads.
 */
public final class CLIPTextModelWithProjection implements AutoCloseable {

    private final CLIPTextModel textModel;
    private final Kernels kernels = new Kernels();
    private final Kernels.Handle kernel;
    private final Parameters projection;

    /**
     * @param config the checkpoint's configuration
     * @param weights its tensors, as for {@link CLIPTextModel}, and
     *          {@code text_projection.weight}
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public CLIPTextModelWithProjection(final CLIPTextConfig config, final Weights weights) {
        textModel = new CLIPTextModel(config, weights);
        final ModuleScope scope = new ModuleScope("", weights, kernels);
        kernel = scope.kernel("projection.py", Map.of());
        projection = scope.parameters()
                .matrix("text_projection", config.projectionDim(), config.hiddenSize())
                .build();
    }

    /**
     * @param config a configuration
     * @return names and shapes of all parameters of such a network; needs neither a
     *         checkpoint nor native code
     */
    public static Map<String, Shape> parameterShapes(final CLIPTextConfig config) {
        final Map<String, Shape> shapes = new LinkedHashMap<>(CLIPTextModel.parameterShapes(config));
        shapes.put("text_projection.weight", new Shape(config.projectionDim(), config.hiddenSize()));
        return shapes;
    }

    /** @return the text model proper */
    public CLIPTextModel textModel() {
        return textModel;
    }

    /**
     * @param lastHiddenState what {@link CLIPTextModel#lastHiddenState(NDArray)} gave
     *          for {@code ids}
     * @param ids token ids [B, L], int64
     * @return the pooled state, projected, [B, projection_dim]
     */
    public NDArray textEmbeds(final NDArray lastHiddenState, final NDArray ids) {
        try (NDArray pooled = textModel.pooled(lastHiddenState, ids)) {
            return kernel.call("forward", projection, pooled);
        }
    }

    @Override
    public void close() {
        kernels.close();
        textModel.close();
    }
}
