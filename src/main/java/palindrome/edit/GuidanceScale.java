package palindrome.edit;

import java.util.OptionalDouble;

/**
 * How strongly prompts are to steer, as a user says it.
 *
 * @param asked the weight of classifier-free guidance; empty for what the model usually takes
 */
public record GuidanceScale(OptionalDouble asked) {

    private static final String AUTOMATIC = "auto";
    private static final double LARGEST = 30;

    /**
     * @param text a number from 0 to 30, or {@code auto}
     * @throws IllegalArgumentException if it is neither
     */
    public static GuidanceScale parse(final String text) {
        if (text.strip().equalsIgnoreCase(AUTOMATIC)) return new GuidanceScale(OptionalDouble.empty());
        try {
            final double number = Double.parseDouble(text.strip());
            if (number >= 0 && number <= LARGEST) return new GuidanceScale(OptionalDouble.of(number));
        } catch (final NumberFormatException exc) {
            // said below, as of numbers out of range
        }
        throw new IllegalArgumentException("'guidance' is '" + text + "', but must be a number from 0 to 30, or auto.");
    }

    /** @return the scale for a model */
    public double of(final OpenedModel opened) {
        return asked.orElseGet(() -> opened.model().usualGuidance());
    }
}
