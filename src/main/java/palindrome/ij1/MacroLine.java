package palindrome.ij1;

import ij.IJ;
import ij.ImagePlus;
import ij.plugin.frame.Recorder;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import palindrome.command.CommandParameter;
import palindrome.command.CommandSignature;

/**
 * The macro line that repeats a command: every value of its dialog written out, ASCII only,
 * in the grammar {@link MacroOptions} reads. The required image is left out, as
 * ImageJ does: the line works on the current image.
 */
record MacroLine(String label, String options) {

    private static final Pattern STATEMENT = Pattern.compile(
            "\\s*run\\s*\\(\\s*(" + MacroText.LITERAL + ")\\s*(?:,\\s*(" + MacroText.LITERAL + ")\\s*)?\\)\\s*;?\\s*");

    /**
     * Reads one {@link #statement()}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    static MacroLine parse(final String text) {
        final Matcher statement = STATEMENT.matcher(text);
        if (!statement.matches())
            throw new IllegalArgumentException(
                    "'" + text.strip() + "' is not one macro line such as run(\"Diffusion Edit...\", \"steps=20\");");
        return new MacroLine(
                MacroText.ofLiteral(statement.group(1)),
                statement.group(2) == null ? "" : MacroText.ofLiteral(statement.group(2)));
    }

    static MacroLine of(final CommandSignature signature, final Map<String, Object> inputs) {
        final StringJoiner options = new StringJoiner(" ");
        for (final CommandParameter parameter : signature.inputs()) {
            final Object value = inputs.get(parameter.key());
            final boolean currentImage = parameter.isCurrentImage();
            // what the dialog does not always show stands in a line only where it says something
            final boolean untold = (parameter.isAdvanced() || parameter.isOfStacks())
                    && Objects.equals(value, parameter.defaultValue());
            if (value != null && !currentImage && !untold)
                options.add(parameter.key() + "=" + MacroText.encode(text(value)));
        }
        return new MacroLine(signature.label(), options.toString());
    }

    /** The options by key. */
    MacroOptions parsed() {
        return MacroOptions.parse(options);
    }

    /** The statement in ImageJ's macro language. */
    String statement() {
        return "run(" + arguments() + ");";
    }

    /**
     * The statement without a double quote, which ImageJ's tables do not escape where they write CSV. It runs just the
     * same.
     */
    String statementForTables() {
        final String quoteless = options.replace("\"", "\\u0022").replace("'", "\\u0027");
        return "run('" + label + "', '" + quoteless.replace("\\", "\\\\") + "');";
    }

    /**
     * Writes the line into the open Recorder. The line is written whole: the
     * Recorder's own {@code recordOption} takes text inside a prompt for a
     * repeated key and stops with a dialog.
     */
    void record() {
        Recorder.recordString((Recorder.scriptMode() ? "IJ." : "") + statement() + "\n");
    }

    /**
     * Tells whether the Recorder is waiting for this command, and takes the
     * command over from it.
     */
    static boolean takeOver(final String label) {
        final boolean recording = IJ.recording() && label.equals(Recorder.getCommand());
        if (recording) Recorder.disableCommandRecording();
        return recording;
    }

    private String arguments() {
        return MacroText.literal(label) + (options.isEmpty() ? "" : ", " + MacroText.literal(options));
    }

    static String text(final Object value) {
        if (value instanceof ImagePlus imp) return imp.getTitle();
        if (value instanceof Double d)
            return new BigDecimal(d.toString()).stripTrailingZeros().toPlainString();
        return value.toString();
    }
}
