package palindrome.model;

import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import palindrome.engine.Tensors;
import palindrome.network.Conditioning;

/**
 * A model that is told a class: a prompt is the number of one, or its name where
 * the model brings names.
 */
final class ClassLabelPrompts implements Conditioner {

    private static final int MAX_LISTED = 12;

    private final String model;
    private final int count;
    private final Map<String, Integer> classes = new LinkedHashMap<>();

    /**
     * @param model its name, for messages
     * @param count number of classes
     * @param names name of each class, which may be several, separated by commas
     */
    ClassLabelPrompts(final String model, final int count, final Map<Integer, String> names) {
        this.model = model;
        this.count = count;
        names.forEach((label, synonyms) -> {
            for (final String name : synonyms.split(",")) classes.putIfAbsent(key(name), label);
        });
    }

    @Override
    public List<TokenIds> tokenize(final String prompt) {
        return List.of();
    }

    @Override
    public List<PromptTokens> words(final String prompt) {
        return List.of();
    }

    @Override
    public boolean hearsText() {
        return false;
    }

    @Override
    public double usualGuidance() {
        return 1;
    }

    @Override
    public void requireGuidance(final double guidanceScale) {
        // A class leads away from another one.
    }

    @Override
    public Conditioning towards(final String prompt, final ImageSize size, final NDManager owner) {
        if (prompt.isBlank())
            throw new IllegalArgumentException("The model '" + model
                    + "' makes images of a class, so its prompt must say" + " which: use " + choices() + ".");
        return new Conditioning.ClassLabels(Tensors.of(owner, new long[] {label(prompt)}, 1));
    }

    @Override
    public Conditioning awayFrom(final String negativePrompt, final ImageSize size, final NDManager owner) {
        if (negativePrompt.isBlank())
            throw new IllegalArgumentException("Guidance other than 1 leads away from a negative prompt, which for the"
                    + " model '" + model + "' must be a class: use " + choices() + ", or guidance=1.");
        return towards(negativePrompt, size, owner);
    }

    private int label(final String prompt) {
        final Integer named = classes.get(key(prompt));
        if (named != null) return named;
        try {
            final int number = Integer.parseInt(prompt.strip());
            if (number >= 0 && number < count) return number;
        } catch (final NumberFormatException exc) {
            throw new IllegalArgumentException(unknown(prompt), exc);
        }
        throw new IllegalArgumentException(unknown(prompt));
    }

    private String unknown(final String prompt) {
        return "'" + prompt + "' is no class of the model '" + model + "'; use " + choices() + ".";
    }

    private String choices() {
        final String numbers = "a number from 0 to " + (count - 1);
        if (classes.isEmpty()) return numbers;
        final String more = classes.size() > MAX_LISTED ? ", ..." : "";
        return numbers + ", or a name: "
                + classes.keySet().stream().limit(MAX_LISTED).collect(Collectors.joining(", ")) + more;
    }

    private static String key(final String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
