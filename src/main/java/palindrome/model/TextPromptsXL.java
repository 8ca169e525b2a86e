package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import palindrome.engine.Tensors;
import palindrome.network.CLIPTextModel;
import palindrome.network.CLIPTextModelWithProjection;
import palindrome.network.Conditioning;

/**
 * A model that is told what Stable Diffusion XL is: the states before the last
 * layer of two text encoders side by side, the pooled and projected state of the
 * second, and six numbers that say how large the original image was, where it was
 * cut out and how large the result should be. Here the image is whole: both sizes
 * are its own, cut out at 0, 0.
 */
final class TextPromptsXL implements Conditioner {

    private static final int TOKEN_AXIS = 1;
    private static final int WIDTH_AXIS = 2;

    private final ClipTokenizer tokenizer;
    private final CLIPTextModel encoder;
    private final ClipTokenizer tokenizer2;
    private final CLIPTextModelWithProjection encoder2;
    private final boolean forceZeros;
    private final NDManager manager;
    private final TextEncodings encodings = new TextEncodings(this::encoded);

    /**
     * @param forceZeros whether an empty negative prompt is all zeros
     *          ({@code force_zeros_for_empty_prompt})
     * @param manager parent of what the encoders take
     */
    TextPromptsXL(
            final ClipTokenizer tokenizer,
            final CLIPTextModel encoder,
            final ClipTokenizer tokenizer2,
            final CLIPTextModelWithProjection encoder2,
            final boolean forceZeros,
            final NDManager manager) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
        this.tokenizer2 = tokenizer2;
        this.encoder2 = encoder2;
        this.forceZeros = forceZeros;
        this.manager = manager;
    }

    @Override
    public List<TokenIds> tokenize(final String prompt) {
        return List.of(tokenizer.encode(prompt), tokenizer2.encode(prompt));
    }

    @Override
    public List<PromptTokens> words(final String prompt) {
        return List.of(tokenizer.words(prompt), tokenizer2.words(prompt));
    }

    @Override
    public boolean hearsText() {
        return true;
    }

    @Override
    public double usualGuidance() {
        return 5;
    }

    @Override
    public void requireGuidance(final double guidanceScale) {
        // The empty prompt is always there to lead away from.
    }

    @Override
    public Conditioning towards(final String prompt, final ImageSize size, final NDManager owner) {
        final List<HostArray> arrays = encodings.of(prompt);
        return conditioning(arrays.get(0).on(owner), arrays.get(1).on(owner), size, owner);
    }

    @Override
    public Conditioning awayFrom(final String negativePrompt, final ImageSize size, final NDManager owner) {
        if (!forceZeros || !negativePrompt.isEmpty()) return towards(negativePrompt, size, owner);
        final List<HostArray> arrays = encodings.of(negativePrompt);
        return conditioning(arrays.get(0).zerosOn(owner), arrays.get(1).zerosOn(owner), size, owner);
    }

    private static Conditioning conditioning(
            final NDArray states, final NDArray pooled, final ImageSize size, final NDManager owner) {
        final float[] ids = {size.height(), size.width(), 0, 0, size.height(), size.width()};
        return new Conditioning.Text(states)
                .with(new Conditioning.TextTime(pooled, Tensors.of(owner, ids, 1, ids.length)));
    }

    /** Of a long prompt the first part is pooled, as is usual. */
    private List<HostArray> encoded(final String prompt) {
        try (NDManager scope = manager.newSubManager()) {
            final CLIPTextModel second = encoder2.textModel();
            final List<NDArray> chunks = ids(tokenizer, prompt, scope);
            final List<NDArray> chunks2 = ids(tokenizer2, prompt, scope);
            final NDList parts = new NDList();
            for (int i = 0; i < Math.max(chunks.size(), chunks2.size()); i++) {
                final NDArray ids = i < chunks.size() ? chunks.get(i) : nothing(tokenizer, scope);
                final NDArray ids2 = i < chunks2.size() ? chunks2.get(i) : nothing(tokenizer2, scope);
                parts.add(beforeLast(encoder, ids).concat(beforeLast(second, ids2), WIDTH_AXIS));
            }
            final NDArray pooled = encoder2.textEmbeds(second.lastHiddenState(chunks2.get(0)), chunks2.get(0));
            return List.of(HostArray.of(NDArrays.concat(parts, TOKEN_AXIS)), HostArray.of(pooled));
        }
    }

    private static List<NDArray> ids(final ClipTokenizer tokenizer, final String prompt, final NDManager scope) {
        return tokenizer.chunks(prompt).stream()
                .map(TokenIds::ids)
                .map(ids -> Tensors.of(scope, ids, 1, ids.length))
                .toList();
    }

    private static NDArray nothing(final ClipTokenizer tokenizer, final NDManager scope) {
        return ids(tokenizer, "", scope).get(0);
    }

    private static NDArray beforeLast(final CLIPTextModel encoder, final NDArray ids) {
        return encoder.hiddenState(ids, encoder.config().numHiddenLayers() - 1);
    }
}
