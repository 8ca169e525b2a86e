package palindrome.network;

/**
 * A rule for the attention of each place to the tokens of a text: P′ = P_source·S + P·diag(t), with P_source the attention
 * of the same place of another image to the tokens of another text, and P its own.
 * <p>
 * All of Prompt-to-Prompt's edits of cross-attention are of this form (Hertz et al. 2022): to replace words, S says which
 * word's attention a word takes over; to refine, words the other text lacks keep their own; to reweight, columns of S and t
 * are scaled. NB: what a layer returns is linear in P′, P′·V = P_source·(S·V) + P·(t∘V), so that the rule can be applied to
 * the values V of the tokens, and attention itself stays the fused kernel, which never holds P.
 *
 * @param sourceLength tokens of the other text, Ls
 * @param length tokens of the text, L
 * @param fromSource S, [Ls, L], row-major
 * @param own t, [L]
 */
public record AttentionMix(int sourceLength, int length, float[] fromSource, float[] own) {

    public AttentionMix {
        if (fromSource.length != sourceLength * length || own.length != length)
            throw new IllegalArgumentException("A rule for " + length + " tokens from " + sourceLength + " others has "
                    + fromSource.length + " and " + own.length + " numbers.");
        fromSource = fromSource.clone();
        own = own.clone();
    }

    /** @return whether nothing changes: P′ = P */
    public boolean isNone() {
        for (final float weight : own) if (weight != 1) return false;
        return !usesSource();
    }

    /** @return whether any attention is taken over */
    public boolean usesSource() {
        return hasAny(fromSource);
    }

    /** @return whether any of a place's own attention stays */
    public boolean usesOwn() {
        return hasAny(own);
    }

    private static boolean hasAny(final float[] weights) {
        for (final float weight : weights) if (weight != 0) return true;
        return false;
    }

    /**
     * @param values [L, W], row-major, one row a token
     * @return S·V, [Ls, W]: values for the tokens of the other text
     */
    public float[] sourceValues(final float[] values) {
        final int width = values.length / length;
        final float[] mixed = new float[sourceLength * width];
        for (int i = 0; i < sourceLength; i++)
            for (int j = 0; j < length; j++)
                for (int k = 0; k < width; k++)
                    mixed[i * width + k] += fromSource[i * length + j] * values[j * width + k];
        return mixed;
    }

    /**
     * @param values [L, W], row-major, one row a token
     * @return t∘V, [L, W]
     */
    public float[] ownValues(final float[] values) {
        final int width = values.length / length;
        final float[] scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) scaled[i] = own[i / width] * values[i];
        return scaled;
    }
}
