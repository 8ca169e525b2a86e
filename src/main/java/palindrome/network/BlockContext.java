package palindrome.network;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * What every block of a UNet hears besides its input.
 *
 * @param temb time embedding [B, width], with whatever was added to it
 * @param encoderHiddenStates text states [B, L, D], if the network attends to any
 * @param attention what happens in the attention layers of transformers
 */
record BlockContext(NDArray temb, Optional<NDArray> encoderHiddenStates, AttentionProcessor attention) {

    static BlockContext of(final NDArray temb) {
        return new BlockContext(temb, Optional.empty(), AttentionProcessor.PLAIN);
    }

    static BlockContext of(final NDArray temb, final Conditioning.Text text) {
        return new BlockContext(temb, Optional.of(text.encoderHiddenStates()), text.attention());
    }

    /** @return the text states, which blocks that attend to them need */
    NDArray text() {
        return encoderHiddenStates.orElseThrow(
                () -> new IllegalStateException("A block attends to text states in a network that hears none."));
    }
}
