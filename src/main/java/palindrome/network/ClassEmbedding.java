package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Map;
import java.util.Optional;

/** A class label as a vector that is added to the time embedding. */
final class ClassEmbedding {

    private static final String NAME = "class_embedding";

    /** From labels to vectors; of the labels' manager or the time embedding's. */
    @FunctionalInterface
    private interface Vectors {

        /** @param temb gives the element type and the owner of what is computed */
        NDArray of(NDArray temb, NDArray labels);
    }

    private final Kernels.Handle kernel;
    private final Vectors vectors;

    private ClassEmbedding(final ModuleScope scope, final Vectors vectors) {
        kernel = scope.kernel("embedding.py", Map.of());
        this.vectors = vectors;
    }

    /**
     * @param scope of the network
     * @param timeProjection what embeds a number, with results as wide as {@code projected}
     * @param width of the time embedding
     * @return the module, if the type has one
     */
    static Optional<ClassEmbedding> of(
            final ModuleScope scope,
            final ClassEmbedType type,
            final TimeProjection timeProjection,
            final int projected,
            final int width) {
        if (type instanceof ClassEmbedType.None) return Optional.empty();
        return Optional.of(new ClassEmbedding(scope, vectors(scope, type, timeProjection, projected, width)));
    }

    private static Vectors vectors(
            final ModuleScope scope,
            final ClassEmbedType type,
            final TimeProjection timeProjection,
            final int projected,
            final int width) {
        if (type instanceof ClassEmbedType.Labels labels) {
            final Embedding table = new Embedding(scope, NAME, labels.count(), width);
            return (temb, given) -> table.forward(given);
        }
        if (type instanceof ClassEmbedType.Timestep) {
            final TimestepEmbedding perceptron = new TimestepEmbedding(scope.child(NAME), projected, width);
            return (temb, given) -> {
                try (NDArray projection = timeProjection.forward(temb, given)) {
                    return perceptron.forward(projection);
                }
            };
        }
        if (type instanceof ClassEmbedType.Projection projection) {
            final TimestepEmbedding perceptron = new TimestepEmbedding(scope.child(NAME), projection.inputDim(), width);
            return (temb, given) -> perceptron.forward(given);
        }
        if (type instanceof ClassEmbedType.SimpleProjection projection) {
            final Kernels.Handle linear = scope.kernel("embedding.py", Map.of());
            final Parameters parameters = scope.parameters()
                    .linear(NAME, width, projection.inputDim())
                    .build();
            return (temb, given) -> linear.call("project", parameters, given);
        }
        return (temb, given) -> given.reshape(given.getShape());
    }

    /**
     * @param temb time embedding [B, width]
     * @param labels as {@link Conditioning.ClassLabels} has them
     * @return their sum [B, width], owned by the manager of {@code temb}
     */
    NDArray addTo(final NDArray temb, final NDArray labels) {
        try (NDArray vector = vectors.of(temb, labels)) {
            return kernel.call("add", Parameters.NONE, temb, vector);
        }
    }
}
