package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Pooled text states and numbers such as the image's size, as one vector that is added to the time embedding. */
final class AdditionEmbedding {

    private final Kernels.Handle kernel;
    private final Timesteps timeProjection;
    private final TimestepEmbedding embedding;
    private final int inputDim;

    /** @param scope of the network */
    AdditionEmbedding(
            final ModuleScope scope, final AdditionEmbedType.TextTime type, final UNet2DConditionConfig config) {
        kernel = scope.kernel("embedding.py", Map.of());
        timeProjection = new Timesteps(scope, type.timeEmbedDim(), config.flipSinToCos(), config.freqShift());
        inputDim = type.inputDim();
        embedding = new TimestepEmbedding(scope.child("add_embedding"), inputDim, config.timeEmbeddingDim());
    }

    /**
     * @param temb time embedding [B, width]
     * @return their sum [B, width], owned by the manager of {@code temb}
     * @throws IllegalArgumentException if pooled states and numbers are not as wide together as the network's
     *           weights
     */
    NDArray addTo(final NDArray temb, final Conditioning.TextTime given) {
        final NDArray ids = given.timeIds();
        try (NDArray flat = ids.flatten();
                NDArray projected = timeProjection.forward(temb, flat)) {
            final long wide = given.textEmbeds().getShape().get(1)
                    + ids.getShape().get(1) * projected.getShape().get(1);
            if (wide != inputDim)
                throw new IllegalArgumentException("The network takes pooled text states and sizes of width " + inputDim
                        + " together, but these are " + wide + " wide.");
            try (NDArray joined = kernel.call("text_time", Parameters.NONE, given.textEmbeds(), projected);
                    NDArray vector = embedding.forward(joined)) {
                return kernel.call("add", Parameters.NONE, temb, vector);
            }
        }
    }
}
