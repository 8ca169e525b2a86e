package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import palindrome.engine.Tensors;
import palindrome.model.ClipTokenizer;

/**
 * Captions to token ids.
 *
 * @param tokenizer the tokenizer the model ships with
 */
record CaptionEncoder(ClipTokenizer tokenizer) {

    /**
     * @param captions one an image
     * @param manager owner of the result
     * @return int64 ids [B, L]
     */
    NDArray encode(final List<String> captions, final NDManager manager) {
        final int length = tokenizer.length();
        final long[] ids = new long[captions.size() * length];
        for (int i = 0; i < captions.size(); i++)
            System.arraycopy(tokenizer.encode(captions.get(i)).ids(), 0, ids, i * length, length);
        return Tensors.of(manager, ids, captions.size(), length);
    }
}
