package palindrome.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Prompts as arrays of text encoders. The last few are remembered, on the host, so
 * that a prompt that is used again costs nothing and gives the same bits.
 */
final class TextEncodings {

    private static final int REMEMBERED = 64;

    private final Function<String, List<HostArray>> encoder;
    private final Map<String, List<HostArray>> remembered = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, List<HostArray>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param encoder from any text to its arrays, always in the same order */
    TextEncodings(final Function<String, List<HostArray>> encoder) {
        this.encoder = encoder;
    }

    /**
     * @param prompt any text
     * @return its arrays
     */
    synchronized List<HostArray> of(final String prompt) {
        List<HostArray> encoded = remembered.get(prompt);
        if (encoded == null) {
            encoded = encoder.apply(prompt);
            remembered.put(prompt, encoded);
        }
        return encoded;
    }
}
