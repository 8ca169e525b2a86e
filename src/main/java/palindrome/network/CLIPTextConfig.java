package palindrome.network;

import com.google.gson.JsonObject;

/**
 * What a {@link CLIPTextModel} is built from: the keys of its
 * {@code config.json}, in transformers' words.
 *
 * @param vocabSize number of tokens
 * @param hiddenSize width of the states
 * @param intermediateSize width of the feed-forward layers
 * @param numHiddenLayers number of encoder layers
 * @param numAttentionHeads heads, which divide the width
 * @param maxPositionEmbeddings longest sequence
 * @param hiddenAct activation of the feed-forward layers
 * @param layerNormEps epsilon of the layer norms
 * @param eosTokenId end-of-text token; NB: 2 stands for the largest id of the
 *          sequence, as old files have it
 * @param projectionDim width of the projected text state, where there is one
 */
public record CLIPTextConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int maxPositionEmbeddings,
        Activation hiddenAct,
        double layerNormEps,
        int eosTokenId,
        int projectionDim) {

    /** Activations of a feed-forward layer. */
    public enum Activation {
        /** x · Φ(x), exact. */
        GELU,
        /** x · sigmoid(1.702 x). */
        QUICK_GELU
    }

    /** @throws IllegalArgumentException if the heads do not divide the width */
    public CLIPTextConfig {
        if (numAttentionHeads < 1 || hiddenSize % numAttentionHeads != 0)
            throw new IllegalArgumentException("This text encoder cannot be built: hidden_size = " + hiddenSize
                    + " is no multiple of num_attention_heads = "
                    + numAttentionHeads + ".");
    }

    /**
     * @param json a text encoder's {@code config.json}; absent keys take
     *          transformers' defaults, unknown keys are left alone
     * @return the configuration
     * @throws IllegalArgumentException if an option is not supported, named in the
     *           message, or has an illegal value
     */
    public static CLIPTextConfig fromJson(final JsonObject json) {
        final ConfigReader reader = new ConfigReader("CLIPTextModel", json);
        reader.refuseUnless("hidden_act", "\"quick_gelu\"", "\"gelu\"");
        final Activation activation =
                reader.text("hidden_act", "quick_gelu").equals("gelu") ? Activation.GELU : Activation.QUICK_GELU;
        return new CLIPTextConfig(
                reader.integer("vocab_size", 49408),
                reader.integer("hidden_size", 512),
                reader.integer("intermediate_size", 2048),
                reader.integer("num_hidden_layers", 12),
                reader.integer("num_attention_heads", 8),
                reader.integer("max_position_embeddings", 77),
                activation,
                reader.number("layer_norm_eps", 1e-5),
                reader.integer("eos_token_id", 49407),
                reader.integer("projection_dim", 512));
    }
}
