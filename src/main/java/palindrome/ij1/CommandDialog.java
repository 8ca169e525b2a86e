package palindrome.ij1;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import ij.gui.Roi;
import java.awt.Checkbox;
import java.awt.Choice;
import java.awt.Component;
import java.awt.GridBagConstraints;
import java.awt.GridBagLayout;
import java.awt.KeyboardFocusManager;
import java.awt.Label;
import java.awt.TextArea;
import java.awt.TextField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Vector;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import palindrome.command.CommandParameter;
import palindrome.command.CommandSignature;
import palindrome.edit.SamplerGuide;

/**
 * Asks for a command's inputs with ImageJ's {@link GenericDialog}, built from
 * the command's own metadata. The fields start from the declared defaults, or
 * from given values, never from those of an earlier run.
 * <p>
 * NB: the fields are read as text and never through {@code getNext...}, which
 * would record them in ImageJ's grammar instead of SciJava's and turn a
 * malformed number into a default.
 * </p>
 */
final class CommandDialog {

    private static final String NO_IMAGE = "none";
    private static final String MORE = "More options";
    private static final int TEXT_COLUMNS = 48;
    private static final int NUMBER_COLUMNS = 8;
    private static final int STRING_COLUMNS = 14;

    private final CommandSignature signature;
    private final InputParser parser;
    private final ImagePlus currentImage;
    private boolean more;

    /**
     * @param signature what to ask for
     * @param parser checks the answers
     * @param currentImage what the required image will be
     */
    CommandDialog(final CommandSignature signature, final InputParser parser, final ImagePlus currentImage) {
        this.signature = signature;
        this.parser = parser;
        this.currentImage = currentImage;
    }

    /**
     * Shows the dialog until the answers are legal or the user cancels.
     *
     * @param given values to start from; what is not given starts from its default
     * @return checked inputs, or empty if canceled
     * @throws IllegalArgumentException if the required image is missing
     */
    Optional<Map<String, Object>> ask(final MacroOptions given) {
        final Map<String, String> texts = new LinkedHashMap<>();
        for (final CommandParameter parameter : signature.inputs()) {
            if (parameter.isCurrentImage()) parameter.check(currentImage);
            else texts.put(parameter.key(), start(parameter, given));
        }
        while (show(texts)) {
            try {
                return Optional.of(parse(texts));
            } catch (final IllegalArgumentException exc) {
                IJ.showMessage(signature.title(), UserMessage.wrap(exc.getMessage()));
            }
        }
        return Optional.empty();
    }

    private static String start(final CommandParameter parameter, final MacroOptions given) {
        final Optional<String> value = given.values().get(parameter.key());
        if (value == null) return parameter.isImage() ? NO_IMAGE : MacroLine.text(parameter.defaultValue());
        return value.orElse("true");
    }

    /** Shows the dialog once, and that of more options if it is asked for; after OK the texts are those the user left. */
    private boolean show(final Map<String, String> texts) {
        final GenericDialog dialog = new GenericDialog(signature.title());
        final Map<String, Supplier<String>> fields = addFields(dialog, this::isShown, texts);
        final boolean hasMore = signature.inputs().stream().anyMatch(CommandParameter::isAdvanced);
        if (hasMore) dialog.addCheckbox(MORE, more);
        if (!isAnswered(dialog, fields, texts)) return false;
        more = hasMore && ((Checkbox) last(dialog.getCheckboxes())).getState();
        return !more || showMore(texts);
    }

    private boolean showMore(final Map<String, String> texts) {
        final GenericDialog dialog = new GenericDialog(signature.title() + ": more options");
        return isAnswered(dialog, addFields(dialog, CommandParameter::isAdvanced, texts), texts);
    }

    /** Adds the fields of those parameters that are wanted, and returns how to read them. */
    private Map<String, Supplier<String>> addFields(
            final GenericDialog dialog, final Predicate<CommandParameter> wanted, final Map<String, String> texts) {
        final Map<String, Supplier<String>> fields = new LinkedHashMap<>();
        boolean halfRow = false;
        for (final CommandParameter parameter : inOrderOfInterest()) {
            if (!wanted.test(parameter)) continue;
            // Two short fields share a row, so that the dialog fits on a small screen.
            if (isShort(parameter) && halfRow) dialog.addToSameRow();
            halfRow = isShort(parameter) && !halfRow;
            if (parameter.isCurrentImage()) replaceField(dialog, parameter.label(), new Label(currentImageText()));
            else fields.put(parameter.key(), add(dialog, parameter, texts.get(parameter.key())));
            if (!isShort(parameter)) spanRow(dialog);
        }
        return fields;
    }

    private boolean isAnswered(
            final GenericDialog dialog, final Map<String, Supplier<String>> fields, final Map<String, String> texts) {
        dialog.addHelp(help());
        dialog.showDialog();
        if (dialog.wasCanceled()) return false;
        fields.forEach((key, field) -> texts.put(key, field.get()));
        return true;
    }

    private static boolean isShort(final CommandParameter parameter) {
        return !parameter.isCurrentImage()
                && !parameter.isTextArea()
                && !parameter.isFolder()
                && !parameter.isFile()
                && parameter.type() != Boolean.class
                && !isList(parameter);
    }

    /** Text whose default already is too long for half a row. */
    private static boolean isList(final CommandParameter parameter) {
        return parameter.choices().isEmpty()
                && parameter.defaultValue() instanceof String text
                && text.length() > STRING_COLUMNS;
    }

    /** Gives the field that was added last all of the row behind its label. */
    private static void spanRow(final GenericDialog dialog) {
        final GridBagLayout layout = (GridBagLayout) dialog.getLayout();
        final Component field = dialog.getComponent(dialog.getComponentCount() - 1);
        final GridBagConstraints place = layout.getConstraints(field);
        place.gridwidth = GridBagConstraints.REMAINDER;
        layout.setConstraints(field, place);
    }

    /** What most users need; of an image of one plane, nothing about stacks. */
    private boolean isShown(final CommandParameter parameter) {
        if (parameter.isOfStacks()) return currentImage != null && currentImage.getStackSize() > 1;
        return !parameter.isAdvanced();
    }

    /** The image, then the prompts, which macros must have last, then the rest, and last what is ticked or not. */
    private List<CommandParameter> inOrderOfInterest() {
        final List<CommandParameter> parameters = new ArrayList<>(signature.inputs());
        parameters.sort(Comparator.comparing(this::interest));
        return parameters;
    }

    private int interest(final CommandParameter parameter) {
        if (parameter.isCurrentImage()) return 0;
        if (parameter.isTextArea()) return 1;
        return parameter.type() == Boolean.class ? 3 : 2;
    }

    private Map<String, Object> parse(final Map<String, String> texts) {
        final Map<String, Object> inputs = new LinkedHashMap<>();
        for (final CommandParameter parameter : signature.inputs()) {
            final String text = texts.get(parameter.key());
            if (parameter.isCurrentImage()) inputs.put(parameter.key(), currentImage);
            else if (parameter.isImage() && text.equals(NO_IMAGE)) inputs.put(parameter.key(), null);
            else inputs.put(parameter.key(), parser.parse(parameter, text));
        }
        return inputs;
    }

    /** Adds one field and returns how to read it. */
    private static Supplier<String> add(
            final GenericDialog dialog, final CommandParameter parameter, final String text) {
        final String label = parameter.label();
        if (parameter.type() == Boolean.class) {
            dialog.addCheckbox(label, Boolean.parseBoolean(text));
            final Checkbox box = (Checkbox) last(dialog.getCheckboxes());
            return () -> String.valueOf(box.getState());
        }
        if (parameter.isImage()) {
            final List<String> titles = new ArrayList<>(OpenImages.titles());
            titles.add(0, NO_IMAGE);
            return imageChoice(dialog, label, titles, text);
        }
        if (!parameter.choices().isEmpty())
            return choice(dialog, label, parameter.choices().toArray(new String[0]), text);
        if (parameter.isNumber()) {
            dialog.addNumericField(label, 0, 0, NUMBER_COLUMNS, range(parameter));
            return reader((TextField) last(dialog.getNumericFields()), text);
        }
        if (parameter.isTextArea()) return textArea(dialog, label, text);
        if (parameter.isFolder()) dialog.addDirectoryField(label, "", TEXT_COLUMNS - 8);
        else if (parameter.isFile()) dialog.addFileField(label, "", TEXT_COLUMNS - 8);
        else dialog.addStringField(label, "", isList(parameter) ? TEXT_COLUMNS : NUMBER_COLUMNS);
        final TextField field = (TextField) last(dialog.getStringFields());
        // NB: asked for more columns, GenericDialog puts what follows in the row out of sight
        if (isShort(parameter)) field.setColumns(STRING_COLUMNS);
        return reader(field, text);
    }

    private static Supplier<String> choice(
            final GenericDialog dialog, final String label, final String[] items, final String selected) {
        dialog.addChoice(label, items, selected);
        return ((Choice) last(dialog.getChoices()))::getSelectedItem;
    }

    private static Supplier<String> imageChoice(
            final GenericDialog dialog, final String label, final List<String> titles, final String selected) {
        dialog.addChoice(label, titles.stream().map(OpenImages::shortened).toArray(String[]::new), null);
        final Choice choice = (Choice) last(dialog.getChoices());
        // by place, since two may look alike
        choice.select(Math.max(0, titles.indexOf(selected)));
        return () -> titles.get(choice.getSelectedIndex());
    }

    /** A text field takes the text as it is, without rounding numbers. */
    private static Supplier<String> reader(final TextField field, final String text) {
        field.setText(text);
        return () -> field.getText().trim();
    }

    /** GenericDialog's own text areas have no labels and number two at most. */
    private static Supplier<String> textArea(final GenericDialog dialog, final String label, final String text) {
        final TextArea area = new TextArea(text, 2, TEXT_COLUMNS, TextArea.SCROLLBARS_VERTICAL_ONLY);
        area.setName(label);
        // Tab goes to the next field, as everywhere else in the dialog
        area.setFocusTraversalKeys(KeyboardFocusManager.FORWARD_TRAVERSAL_KEYS, null);
        area.setFocusTraversalKeys(KeyboardFocusManager.BACKWARD_TRAVERSAL_KEYS, null);
        replaceField(dialog, label, area);
        return () -> area.getText().trim();
    }

    /** Adds a label and, at the place of a text field, something else. */
    private static void replaceField(final GenericDialog dialog, final String label, final Component replacement) {
        dialog.addStringField(label, "", TEXT_COLUMNS);
        final TextField field = (TextField) last(dialog.getStringFields());
        final GridBagLayout layout = (GridBagLayout) dialog.getLayout();
        final GridBagConstraints place = layout.getConstraints(field);
        dialog.remove(field);
        replacement.setFont(field.getFont());
        layout.setConstraints(replacement, place);
        dialog.add(replacement);
    }

    private static Object last(final Vector<?> components) {
        return components.lastElement();
    }

    private String currentImageText() {
        final Roi roi = currentImage.getRoi();
        return OpenImages.shortened(currentImage.getTitle()) + (roi != null && roi.isArea() ? ", selected area" : "");
    }

    private static String range(final CommandParameter parameter) {
        if (parameter.min() == null || parameter.max() == null) return "";
        return MacroLine.text(parameter.min()) + " to " + MacroLine.text(parameter.max());
    }

    private String help() {
        final StringBuilder html = new StringBuilder("<html><body width=460><b>")
                .append(signature.title())
                .append("</b><p>")
                .append(escape(signature.description()))
                .append("</p><table cellpadding=3>");
        for (final CommandParameter parameter : inOrderOfInterest())
            html.append("<tr valign=top><td><b>")
                    .append(escape(parameter.label()))
                    .append("</b></td><td><code>")
                    .append(parameter.key())
                    .append("</code></td><td>")
                    .append(escape(parameter.description()))
                    .append(parameter.isAdvanced() ? " Under More options." : "")
                    .append(samplers(parameter))
                    .append("</td></tr>");
        return html.append("</table><p>The middle column is the macro key.</p>")
                .append("</body></html>")
                .toString();
    }

    /** What there is to choose from, where the choice is a method of the literature. */
    private static String samplers(final CommandParameter parameter) {
        if (!parameter.key().equals("sampler")) return "";
        return parameter.choices().stream()
                .map(name -> "<p style='margin-top: 4px'><b>" + name + "</b>: " + escape(SamplerGuide.describe(name))
                        + "</p>")
                .collect(Collectors.joining());
    }

    private static String escape(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
