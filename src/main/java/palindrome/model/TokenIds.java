package palindrome.model;

import java.util.Arrays;

/**
 * A prompt as the text encoder reads it.
 */
public final class TokenIds {

    private final long[] ids;
    private final int used;
    private final int dropped;

    TokenIds(final long[] ids, final int used, final int dropped) {
        this.ids = ids;
        this.used = used;
        this.dropped = dropped;
    }

    /**
     * @return the ids: start token, the text, end token, padding; always the
     *         tokenizer's full length
     */
    public long[] ids() {
        return ids.clone();
    }

    /** @return how many of the ids are not padding, both end tokens included */
    public int used() {
        return used;
    }

    /** @return how many more tokens the text has, which did not fit */
    public int dropped() {
        return dropped;
    }

    @Override
    public String toString() {
        return Arrays.toString(ids) + (dropped == 0 ? "" : " and " + dropped + " dropped");
    }
}
