package palindrome.network;

import ai.djl.ndarray.NDArray;

/**
 * What happens in the attention layers of a network, as diffusers' attention processors: by default what the layers
 * themselves do. Asked in the order of the layers, the same one at every evaluation.
 * <p>
 * Everything returned belongs to the manager of {@code tokens}, which stay the network's: copy what is to outlive the
 * evaluation.
 */
public interface AttentionProcessor {

    /** Leaves every layer to itself, with the fused kernels. */
    AttentionProcessor PLAIN = new AttentionProcessor() {};

    /**
     * A layer in which places attend to each other.
     *
     * @param layer which
     * @param tokens [B, places, C]
     * @return the tokens with what the layer adds, a new array of the same shape
     */
    default NDArray selfAttention(final AttentionLayer layer, final NDArray tokens) {
        return layer.selfAttention(tokens);
    }

    /**
     * A layer in which places attend to the text.
     *
     * @param layer which
     * @param tokens [B, places, C]
     * @param text its states [B, L, D]
     * @return the tokens with what the layer adds, a new array of the same shape
     */
    default NDArray crossAttention(final AttentionLayer layer, final NDArray tokens, final NDArray text) {
        return layer.crossAttention(tokens, text);
    }
}
