package palindrome.guide;

import java.util.Arrays;

/**
 * The best global alignment of two sequences (Needleman and Wunsch 1970): a match counts 1, a mismatch −1, a gap nothing. Of
 * equally good ones it is that of Prompt-to-Prompt's code, which prefers a token without a partner.
 */
final class TokenAlignment {

    /** Of a token that is aligned with none. */
    static final int NONE = -1;

    private TokenAlignment() {}

    /**
     * @return for each token of the target, the index of the source's that it is aligned with, or {@link #NONE}
     */
    static int[] of(final long[] source, final long[] target) {
        final int[][] score = new int[source.length + 1][target.length + 1];
        for (int i = 1; i <= source.length; i++)
            for (int j = 1; j <= target.length; j++)
                score[i][j] = Math.max(
                        Math.max(score[i][j - 1], score[i - 1][j]),
                        score[i - 1][j - 1] + (source[i - 1] == target[j - 1] ? 1 : -1));
        final int[] aligned = new int[target.length];
        Arrays.fill(aligned, NONE);
        int i = source.length;
        int j = target.length;
        while (j > 0) {
            if (i == 0 || score[i][j] == score[i][j - 1]) j--;
            else if (score[i][j] == score[i - 1][j]) i--;
            else aligned[--j] = --i;
        }
        return aligned;
    }
}
