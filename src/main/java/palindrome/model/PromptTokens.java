package palindrome.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A prompt as words, the tokens that a text encoder makes of each, and where these stand among the states it gives. A
 * prompt longer than the encoder reads is read in parts, each framed by a start and an end token; the states of the parts
 * follow each other.
 */
public final class PromptTokens {

    private final String prompt;
    private final List<String> words;
    private final int[] firstToken;
    private final long[] ids;
    private final int part;

    /**
     * @param prompt the text
     * @param words what blanks part it into
     * @param tokens the ids of each word
     * @param start id of the start token
     * @param end id of the end token
     * @param part states of a part, frame and padding included
     */
    PromptTokens(
            final String prompt,
            final List<String> words,
            final List<long[]> tokens,
            final long start,
            final long end,
            final int part) {
        this.prompt = prompt;
        this.words = List.copyOf(words);
        this.part = part;
        firstToken = new int[words.size() + 1];
        for (int i = 0; i < words.size(); i++) firstToken[i + 1] = firstToken[i] + tokens.get(i).length;
        ids = new long[firstToken[words.size()] + 2];
        ids[0] = start;
        for (int i = 0; i < words.size(); i++)
            System.arraycopy(tokens.get(i), 0, ids, 1 + firstToken[i], tokens.get(i).length);
        ids[ids.length - 1] = end;
    }

    /** @return the words that blanks part a text into */
    public static List<String> split(final String text) {
        final List<String> words = new ArrayList<>();
        for (final String word : text.split("[\\s\\p{Z}]+")) if (!word.isEmpty()) words.add(word);
        return words;
    }

    /** @return the words, as they are written */
    public List<String> words() {
        return words;
    }

    /** @return the start token, all tokens of the words, the end token */
    public long[] ids() {
        return ids.clone();
    }

    /** @return number of states that the encoder gives for this prompt, padding included */
    public int length() {
        return (Math.max(0, ids.length - 3) / (part - 2) + 1) * part;
    }

    /**
     * @param index of one of {@link #ids}
     * @return where its state stands
     */
    public int place(final int index) {
        if (index == 0) return 0;
        if (index == ids.length - 1 && index > 1) return place(index - 1) + 1;
        final int token = index - 1;
        return token / (part - 2) * part + 1 + token % (part - 2);
    }

    /**
     * @param word index of a word
     * @return where the states of its tokens stand
     */
    public List<Integer> places(final int word) {
        return IntStream.range(firstToken[word], firstToken[word + 1])
                .map(token -> place(token + 1))
                .boxed()
                .toList();
    }

    /**
     * @param word whatever its case and the punctuation around it
     * @return indices of the words that it is; empty if it is none
     */
    public List<Integer> find(final String word) {
        final String wanted = bare(word);
        return IntStream.range(0, words.size())
                .filter(i -> bare(words.get(i)).equals(wanted))
                .boxed()
                .toList();
    }

    private static String bare(final String word) {
        final String lower = word.strip().toLowerCase(Locale.ROOT);
        final String bare = lower.replaceAll("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$", "");
        return bare.isEmpty() ? lower : bare;
    }

    /** @return the prompt */
    @Override
    public String toString() {
        return prompt;
    }
}
