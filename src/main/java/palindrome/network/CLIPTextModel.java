package palindrome.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * transformers' CLIPTextModel: turns token ids into states that a UNet attends
 * to. Layers are pre-norm, under a causal mask and nothing else.
 * <p>
 * A pure function of its inputs and weights. It may run on several threads, and
 * autograd flows to weights that require a gradient.
 */
public final class CLIPTextModel implements AutoCloseable {

    /** An {@code eos_token_id} that means the largest id of the sequence. */
    private static final int LEGACY_EOS = 2;

    private static final String PREFIX = "text_model.";

    private final CLIPTextConfig config;
    private final Kernels kernels = new Kernels();
    private final Kernels.Handle kernel;
    private final String layerMethod;
    private final Parameters embeddings;
    private final List<Parameters> layers = new ArrayList<>();
    private final Parameters finalLayerNorm;

    /**
     * @param config the checkpoint's configuration
     * @param weights its tensors, which must outlive the network; their names may
     *          lack the prefix {@code text_model.}
     * @throws IllegalArgumentException if a tensor is missing or has another shape
     */
    public CLIPTextModel(final CLIPTextConfig config, final Weights weights) {
        this(config, weights, weights.contains("embeddings.token_embedding.weight") ? "" : PREFIX);
    }

    private CLIPTextModel(final CLIPTextConfig config, final Weights weights, final String prefix) {
        this.config = config;
        final ModuleScope scope = new ModuleScope(prefix, weights, kernels);
        kernel = scope.kernel(
                "clip_text.py",
                Map.of(
                        "HEADS",
                        config.numAttentionHeads(),
                        "EPS",
                        config.layerNormEps(),
                        "END_ID",
                        config.eosTokenId()));
        layerMethod = switch (config.hiddenAct()) {
            case GELU -> "layer_gelu";
            case QUICK_GELU -> "layer_quick_gelu";
        };
        final int width = config.hiddenSize();
        embeddings = scope.child("embeddings")
                .parameters() //
                .matrix("token_embedding", config.vocabSize(), width) //
                .matrix("position_embedding", config.maxPositionEmbeddings(), width)
                .build();
        for (int n = 0; n < config.numHiddenLayers(); n++)
            layers.add(layer(scope.child("encoder").child("layers", n)));
        finalLayerNorm = scope.parameters().norm("final_layer_norm", width).build();
    }

    /**
     * @param config a configuration
     * @return names and shapes of all parameters of such a network, in the order of
     *         the module tree; needs neither a checkpoint nor native code
     */
    public static Map<String, Shape> parameterShapes(final CLIPTextConfig config) {
        final ShapeRecorder recorder = new ShapeRecorder();
        new CLIPTextModel(config, recorder).close();
        return recorder.shapes();
    }

    /** @return what this network was built from */
    public CLIPTextConfig config() {
        return config;
    }

    /**
     * @param ids token ids [B, L], int64
     * @return states after the last layer and the final norm, [B, L, D]; owned by
     *         the manager of {@code ids}, like all results here
     * @throws IllegalArgumentException if the sequence is too long
     */
    public NDArray lastHiddenState(final NDArray ids) {
        return lastHiddenState(ids, 0);
    }

    /**
     * @param ids token ids [B, L], int64
     * @param clipSkip layers to leave out at the end, from 0 to one less than there
     *          are
     * @return states after the remaining layers and the final norm, [B, L, D]
     */
    public NDArray lastHiddenState(final NDArray ids, final int clipSkip) {
        final NDArray hidden = hiddenState(ids, layers.size() - clipSkip);
        try {
            return kernel.call("norm", finalLayerNorm, hidden);
        } finally {
            hidden.close();
        }
    }

    /**
     * @param lastHiddenState what {@link #lastHiddenState(NDArray)} gave for
     *          {@code ids}
     * @param ids token ids [B, L], int64
     * @return the state at each sequence's end-of-text token, [B, D]
     */
    public NDArray pooled(final NDArray lastHiddenState, final NDArray ids) {
        return kernel.call(
                config.eosTokenId() == LEGACY_EOS ? "pool_largest_id" : "pool_end_id",
                Parameters.NONE,
                lastHiddenState,
                ids);
    }

    /**
     * @param ids token ids [B, L], int64
     * @param depth number of layers to run, from 0 (the embeddings) to all
     * @return the states after them, without the final norm, [B, L, D]
     */
    public NDArray hiddenState(final NDArray ids, final int depth) {
        requireInput(ids.getShape(), depth);
        final NDManager owner = ids.getManager();
        try (NDManager scope = owner.newSubManager()) {
            NDArray hidden = kernel.call("embed", embeddings, ids);
            hidden.attach(scope);
            for (final Parameters layer : layers.subList(0, depth)) {
                final NDArray next = kernel.call(layerMethod, layer, hidden);
                hidden.close();
                hidden = next;
            }
            hidden.attach(owner);
            return hidden;
        }
    }

    @Override
    public void close() {
        kernels.close();
    }

    private Parameters layer(final ModuleScope scope) {
        final int width = config.hiddenSize();
        return scope.parameters() //
                .norm("layer_norm1", width) //
                .linear("self_attn.q_proj", width, width) //
                .linear("self_attn.k_proj", width, width) //
                .linear("self_attn.v_proj", width, width) //
                .linear("self_attn.out_proj", width, width) //
                .norm("layer_norm2", width) //
                .linear("mlp.fc1", config.intermediateSize(), width) //
                .linear("mlp.fc2", width, config.intermediateSize())
                .build();
    }

    private void requireInput(final Shape ids, final int depth) {
        if (ids.dimension() != 2 || ids.get(1) > config.maxPositionEmbeddings())
            throw new IllegalArgumentException("The text encoder takes token ids [B, L] with L up to "
                    + config.maxPositionEmbeddings() + ", but these are " + ids + ".");
        if (depth < 0 || depth > layers.size())
            throw new IllegalArgumentException(
                    "The text encoder has " + layers.size() + " layers, so it cannot run " + depth + " of them.");
    }
}
