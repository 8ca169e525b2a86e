package palindrome.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A LoRA to apply, and how strongly.
 *
 * @param file its safetensors file
 * @param scale factor of its changes, usually from 0 to 1; finite
 */
public record LoraChoice(Path file, double scale) {

    /** @throws IllegalArgumentException if the scale is not finite */
    public LoraChoice {
        if (!Double.isFinite(scale))
            throw new IllegalArgumentException(
                    "The scale of the LoRA " + file + " is " + scale + ". Use a number, such as 0.8.");
    }

    /**
     * @param text {@code file.safetensors} or {@code file.safetensors:0.8}, several
     *          separated by semicolons; empty for none
     * @return the LoRAs, in the order given
     * @throws IllegalArgumentException if a name is no path
     */
    public static List<LoraChoice> parseAll(final String text) {
        final List<LoraChoice> choices = new ArrayList<>();
        for (final String one : text.split(";")) if (!one.isBlank()) choices.add(parse(one.strip()));
        return List.copyOf(choices);
    }

    /** NB: the colon of a Windows drive is followed by no number. */
    private static LoraChoice parse(final String text) {
        final int colon = text.lastIndexOf(':');
        if (colon > 0 && text.substring(colon + 1).strip().matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)"))
            return new LoraChoice(
                    Path.of(text.substring(0, colon).strip()), Double.parseDouble(text.substring(colon + 1)));
        return new LoraChoice(Path.of(text), 1);
    }

    /** @return the text that {@link #parseAll} reads */
    @Override
    public String toString() {
        return file + ":" + scale;
    }
}
