package palindrome.model;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import palindrome.engine.Tensors;
import palindrome.network.CLIPTextModel;
import palindrome.network.Conditioning;

/** A model that is told the last states of one text encoder, as Stable Diffusion 1 and 2 are. */
final class TextPrompts implements Conditioner {

    private static final int TOKEN_AXIS = 1;

    private final ClipTokenizer tokenizer;
    private final CLIPTextModel encoder;
    private final NDManager manager;
    private final TextEncodings encodings = new TextEncodings(this::encoded);

    /** @param manager parent of what the encoder takes */
    TextPrompts(final ClipTokenizer tokenizer, final CLIPTextModel encoder, final NDManager manager) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.manager = manager;
    }

    @Override
    public List<TokenIds> tokenize(final String prompt) {
        return List.of(tokenizer.encode(prompt));
    }

    @Override
    public List<PromptTokens> words(final String prompt) {
        return List.of(tokenizer.words(prompt));
    }

    @Override
    public boolean hearsText() {
        return true;
    }

    @Override
    public double usualGuidance() {
        return 7.5;
    }

    @Override
    public void requireGuidance(final double guidanceScale) {
        // The empty prompt is always there to lead away from.
    }

    @Override
    public Conditioning towards(final String prompt, final ImageSize size, final NDManager owner) {
        return new Conditioning.Text(encodings.of(prompt).get(0).on(owner));
    }

    @Override
    public Conditioning awayFrom(final String negativePrompt, final ImageSize size, final NDManager owner) {
        return towards(negativePrompt, size, owner);
    }

    private List<HostArray> encoded(final String prompt) {
        try (NDManager scope = manager.newSubManager()) {
            final NDList parts = new NDList();
            for (final TokenIds chunk : tokenizer.chunks(prompt)) {
                final long[] ids = chunk.ids();
                parts.add(encoder.lastHiddenState(Tensors.of(scope, ids, 1, ids.length)));
            }
            return List.of(HostArray.of(NDArrays.concat(parts, TOKEN_AXIS)));
        }
    }
}
