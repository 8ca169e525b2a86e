package palindrome.guide;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a prompt says in a classifier's words. Two words of one attribute, such as {@code few or some}, are alternatives;
 * an attribute that the prompt does not mention is left open.
 *
 * @param byAttribute the words found, for each attribute that has any
 */
record PromptWords(Map<String, List<String>> byAttribute) {

    /**
     * @param prompt any text
     * @param attributes the words known of each attribute
     * @throws IllegalArgumentException if the prompt has none of them
     */
    static PromptWords of(final String prompt, final Map<String, List<String>> attributes) {
        final Set<String> words =
                Set.copyOf(Arrays.asList(prompt.toLowerCase(Locale.ROOT).split("[^\\p{L}]+")));
        final Map<String, List<String>> found = new LinkedHashMap<>();
        attributes.forEach((attribute, known) -> {
            final List<String> said = known.stream().filter(words::contains).toList();
            if (!said.isEmpty()) found.put(attribute, said);
        });
        if (found.isEmpty())
            throw new IllegalArgumentException("Classifier guidance needs one of its words in the prompt, but '"
                    + prompt + "' has none: use " + all(attributes) + ", or classifier=0.");
        return new PromptWords(found);
    }

    private static String all(final Map<String, List<String>> attributes) {
        return attributes.values().stream().flatMap(List::stream).collect(Collectors.joining(", "));
    }
}
