package palindrome.network;

/** How a network takes in a class label: {@code class_embed_type} and the keys that belong to it. */
public sealed interface ClassEmbedType {

    /** Not at all. */
    record None() implements ClassEmbedType {}

    /**
     * A trained vector for each class.
     *
     * @param count number of classes ({@code num_class_embeds})
     */
    record Labels(int count) implements ClassEmbedType {}

    /** A number, embedded like a timestep. */
    record Timestep() implements ClassEmbedType {}

    /** A vector as wide as the time embedding. */
    record Identity() implements ClassEmbedType {}

    /**
     * A vector through a two-layer perceptron.
     *
     * @param inputDim its width ({@code projection_class_embeddings_input_dim})
     */
    record Projection(int inputDim) implements ClassEmbedType {}

    /**
     * A vector through one linear layer.
     *
     * @param inputDim its width ({@code projection_class_embeddings_input_dim})
     */
    record SimpleProjection(int inputDim) implements ClassEmbedType {}

    /**
     * Reads the keys that belong together.
     *
     * @param types legal values of {@code class_embed_type}
     * @throws IllegalArgumentException naming an illegal value
     */
    static ClassEmbedType read(final ConfigReader reader, final String... types) {
        final String key = "class_embed_type";
        final String count = "num_class_embeds";
        final String inputDim = "projection_class_embeddings_input_dim";
        final String[] quoted = new String[types.length];
        for (int i = 0; i < types.length; i++) quoted[i] = '"' + types[i] + '"';
        reader.refuseUnless(key, quoted);
        return switch (reader.text(key, "")) {
            case "timestep" -> new Timestep();
            case "identity" -> new Identity();
            case "projection" -> new Projection(reader.positive(inputDim));
            case "simple_projection" -> new SimpleProjection(reader.positive(inputDim));
            default -> reader.isGiven(count) ? new Labels(reader.positive(count)) : new None();
        };
    }
}
