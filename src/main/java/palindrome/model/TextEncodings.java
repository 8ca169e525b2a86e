package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import palindrome.engine.Tensors;
import palindrome.network.CLIPTextModel;

/**
 * Prompts as the states a UNet attends to. The last few are remembered, on the
 * host, so that a prompt that is used again costs nothing and gives the same
 * bits.
 */
final class TextEncodings {

    private static final int REMEMBERED = 64;

    private record Encoding(float[] values, long[] shape) {}

    private final ClipTokenizer tokenizer;
    private final CLIPTextModel encoder;
    private final NDManager manager;
    private final Map<String, Encoding> remembered = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Encoding> eldest) {
            return size() > REMEMBERED;
        }
    };

    TextEncodings(final ClipTokenizer tokenizer, final CLIPTextModel encoder, final NDManager manager) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.manager = manager;
    }

    /**
     * @param prompt any text
     * @param owner owner of the result
     * @return states after the last layer and the final norm [1, L, D]
     */
    NDArray encode(final String prompt, final NDManager owner) {
        final Encoding encoding = remembered(prompt);
        return Tensors.of(owner, encoding.values(), encoding.shape());
    }

    private synchronized Encoding remembered(final String prompt) {
        Encoding encoding = remembered.get(prompt);
        if (encoding == null) {
            encoding = computed(prompt);
            remembered.put(prompt, encoding);
        }
        return encoding;
    }

    private Encoding computed(final String prompt) {
        try (NDManager scope = manager.newSubManager()) {
            final long[] ids = tokenizer.encode(prompt).ids();
            final NDArray states = encoder.lastHiddenState(Tensors.of(scope, ids, 1, ids.length));
            return new Encoding(states.toFloatArray(), states.getShape().getShape());
        }
    }
}
