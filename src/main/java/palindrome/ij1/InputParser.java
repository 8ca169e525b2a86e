package palindrome.ij1;

import ij.ImagePlus;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import palindrome.command.CommandParameter;
import palindrome.command.CommandSignature;

/**
 * Turns texts, from a macro or from a dialog, into checked command inputs.
 */
final class InputParser {

    private final CommandSignature signature;
    private final Function<String, ImagePlus> images;

    /**
     * @param signature what is legal
     * @param images finds an open image by title or ID, null if there is none
     */
    InputParser(final CommandSignature signature, final Function<String, ImagePlus> images) {
        this.signature = signature;
        this.images = images;
    }

    /**
     * Reads a macro's options. Inputs that are not given take their declared
     * defaults, never the values of an earlier run; a required image that is not
     * given is {@code currentImage}.
     *
     * @throws IllegalArgumentException one sentence that says what is legal, if
     *           anything is unknown, malformed or out of range
     */
    Map<String, Object> parse(final MacroOptions options, final ImagePlus currentImage) {
        requireKnown(options);
        final Map<String, Object> inputs = new LinkedHashMap<>();
        for (final CommandParameter parameter : signature.inputs()) {
            final Optional<String> value = options.values().get(parameter.key());
            if (value == null)
                inputs.put(
                        parameter.key(),
                        parameter.check(parameter.isCurrentImage() ? currentImage : parameter.defaultValue()));
            else inputs.put(parameter.key(), parse(parameter, value.orElse(null)));
        }
        return inputs;
    }

    /**
     * Reads one value.
     *
     * @param text null for a bare key, which is true for a boolean
     * @throws IllegalArgumentException if the text is not legal for the parameter
     */
    Object parse(final CommandParameter parameter, final String text) {
        if (parameter.type() == Boolean.class) return bool(parameter, text);
        if (text == null)
            throw new IllegalArgumentException("'" + parameter.key() + "' needs a value: write " + parameter.key()
                    + "=value with " + parameter.legal() + ".");
        if (parameter.isImage()) return image(parameter, text);
        return parameter.check(parameter.isNumber() ? number(parameter, text) : text);
    }

    /**
     * Checks the keys of options.
     *
     * @throws IllegalArgumentException if the command does not know one
     */
    void requireKnown(final MacroOptions options) {
        options.values().forEach(this::requireKnown);
    }

    private void requireKnown(final String key, final Optional<String> value) {
        if (signature.inputs().stream().anyMatch(p -> p.key().equals(key))) return;
        if (value.isPresent()) signature.input(key);
        // a stray word is most often text whose brackets were forgotten
        throw new IllegalArgumentException("'" + key + "' is not a parameter of " + signature.title() + ": it "
                + signature.keys() + "; text with blanks needs brackets, as in prompt=[two words].");
    }

    private static Boolean bool(final CommandParameter parameter, final String text) {
        if (text == null) return true;
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw parameter.illegal(text);
        };
    }

    private static Number number(final CommandParameter parameter, final String text) {
        try {
            // plain decimal notation only: no NaN, no 0x1p3, no 5f, no 0,5
            final BigDecimal value = new BigDecimal(text);
            if (parameter.type() == Integer.class) return value.intValueExact();
            if (parameter.type() == Long.class) return value.longValueExact();
            return value.doubleValue();
        } catch (final ArithmeticException | NumberFormatException exc) {
            throw parameter.illegal(text);
        }
    }

    private ImagePlus image(final CommandParameter parameter, final String text) {
        if (text.isEmpty() && !parameter.required()) return null;
        final ImagePlus imp = images.apply(text);
        if (imp == null)
            throw new IllegalArgumentException(
                    "'" + parameter.key() + "' names the image '" + text + "', but no such image is open.");
        return (ImagePlus) parameter.check(imp);
    }
}
