package palindrome.command;

import ij.ImagePlus;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.scijava.module.ModuleItem;
import org.scijava.util.Types;

/**
 * One declared input of a command, as the dialog, the macro grammar and the
 * recorder see it.
 *
 * @param key macro key, which is the field's name: lower-case letters
 * @param label what the dialog shows
 * @param description one or two sentences of help
 * @param type boxed Java type: {@link ImagePlus}, {@link String},
 *          {@link Boolean}, {@link Integer}, {@link Long} or {@link Double}
 * @param defaultValue declared default; null for images
 * @param min smallest legal number, or null
 * @param max largest legal number, or null
 * @param choices legal texts; empty if any text is
 * @param style SciJava widget style, such as {@code "text area"}, or {@code "advanced file"}; may be empty
 * @param required whether null is illegal
 */
public record CommandParameter(
        String key,
        String label,
        String description,
        Class<?> type,
        Object defaultValue,
        Number min,
        Number max,
        List<String> choices,
        String style,
        boolean required) {

    /** Style of what dialogs leave out where the image has one plane only. */
    public static final String OF_STACKS = "of stacks";

    private static final List<Class<?>> TYPES =
            List.of(ImagePlus.class, String.class, Boolean.class, Integer.class, Long.class, Double.class);

    public CommandParameter {
        choices = List.copyOf(choices);
        if (!TYPES.contains(type))
            throw new IllegalStateException("Parameter '" + key + "' has type " + type.getName()
                    + ", which has no place in a macro or dialog.");
    }

    static CommandParameter of(final ModuleItem<?> item) {
        final List<?> choices = item.getChoices();
        return new CommandParameter(
                item.getName(),
                item.getLabel(), //
                Objects.requireNonNullElse(item.getDescription(), ""), //
                Types.box(item.getType()),
                item.getDefaultValue(), //
                (Number) item.getMinimumValue(),
                (Number) item.getMaximumValue(), //
                choices == null
                        ? List.of()
                        : choices.stream().map(Object::toString).collect(Collectors.toList()), //
                Objects.requireNonNullElse(item.getWidgetStyle(), ""), //
                item.isRequired());
    }

    /** Tells whether this is an image. */
    public boolean isImage() {
        return type == ImagePlus.class;
    }

    /** Tells whether this is the image that the command works on, which is the current one unless another is named. */
    public boolean isCurrentImage() {
        return isImage() && required;
    }

    /** Tells whether this is a number of any kind. */
    public boolean isNumber() {
        return Number.class.isAssignableFrom(type);
    }

    /** Tells whether this is text of several words, such as a prompt. */
    public boolean isTextArea() {
        return style.startsWith("text area");
    }

    /** Tells whether dialogs ask for this only if more options are wanted. */
    public boolean isAdvanced() {
        return style.startsWith("advanced");
    }

    /** Tells whether this is the path of a folder, or the name of what is found without one. */
    public boolean isFolder() {
        return style.endsWith("directory");
    }

    /** Tells whether this is the path of a file. */
    public boolean isFile() {
        return style.endsWith("file");
    }

    /** Tells whether this is about stacks, and has no place in the dialog of an image of one plane. */
    public boolean isOfStacks() {
        return style.equals(OF_STACKS);
    }

    /**
     * Says what is legal, in the words of an error message: {@code "a whole
     * number from 2 to 1000"}.
     */
    public String legal() {
        if (isImage()) return "the title or ID of an open image";
        if (type == Boolean.class) return "true or false";
        if (!choices.isEmpty()) return "one of " + String.join(", ", choices);
        if (!isNumber()) return "text";
        final String kind = type == Double.class ? "a number" : "a whole number";
        if (min != null && max != null) return kind + " from " + min + " to " + max;
        if (min != null) return kind + " of at least " + min;
        return max == null ? kind : kind + " of at most " + max;
    }

    /**
     * Checks a value against type, range and choices.
     *
     * @return the value
     * @throws IllegalArgumentException if it is illegal; the message names the
     *           parameter, the value and what is legal
     */
    public Object check(final Object value) {
        if (value == null) {
            if (required)
                throw new IllegalArgumentException(
                        isImage()
                                ? "No image is open: '" + key + "' needs one."
                                : "'" + key + "' is missing: it must be " + legal() + ".");
            return null;
        }
        if (value instanceof ImagePlus imp) {
            if (imp.getProcessor() == null)
                throw new IllegalArgumentException("The image '" + imp.getTitle() + "' given for '" + key
                        + "' is empty or closed: open it first.");
            return value;
        }
        if (!type.isInstance(value) || !inRange(value) || !isChoice(value)) throw illegal(value.toString());
        return value;
    }

    /** The error for a value that is not {@link #legal()}. */
    public IllegalArgumentException illegal(final String value) {
        return new IllegalArgumentException("'" + key + "' is '" + value + "', but must be " + legal() + ".");
    }

    private boolean isChoice(final Object value) {
        return choices.isEmpty() || choices.contains(value);
    }

    private boolean inRange(final Object value) {
        if (!(value instanceof Number number)) return true;
        if (value instanceof Double d)
            return Double.isFinite(d)
                    && (min == null || d >= min.doubleValue())
                    && (max == null || d <= max.doubleValue());
        return (min == null || number.longValue() >= min.longValue())
                && (max == null || number.longValue() <= max.longValue());
    }
}
