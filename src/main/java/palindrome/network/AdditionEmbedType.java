package palindrome.network;

/** What a text-conditional UNet adds to its time embedding: {@code addition_embed_type} and the keys that belong to it. */
public sealed interface AdditionEmbedType {

    /** Nothing. */
    record None() implements AdditionEmbedType {}

    /**
     * The text states, pooled by attention.
     *
     * @param heads of that attention ({@code addition_embed_type_num_heads})
     */
    record Text(int heads) implements AdditionEmbedType {}

    /**
     * Pooled text states given along, and numbers embedded like timesteps.
     *
     * @param timeEmbedDim width of each embedded number ({@code addition_time_embed_dim})
     * @param inputDim width of all of it together ({@code projection_class_embeddings_input_dim})
     */
    record TextTime(int timeEmbedDim, int inputDim) implements AdditionEmbedType {}

    /** @throws IllegalArgumentException naming an illegal value */
    static AdditionEmbedType read(final ConfigReader reader) {
        final String key = "addition_embed_type";
        reader.refuseUnless(key, "\"text\"", "\"text_time\"");
        return switch (reader.text(key, "")) {
            case "text" -> new Text(reader.integer("addition_embed_type_num_heads", 64));
            case "text_time" ->
                new TextTime(
                        reader.positive("addition_time_embed_dim"),
                        reader.positive("projection_class_embeddings_input_dim"));
            default -> new None();
        };
    }
}
