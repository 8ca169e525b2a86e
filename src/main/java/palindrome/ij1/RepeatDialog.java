package palindrome.ij1;

import ij.ImagePlus;
import ij.gui.GenericDialog;
import java.awt.Choice;
import java.awt.GridBagConstraints;
import java.awt.Panel;
import java.awt.TextArea;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import palindrome.command.CommandSignature;
import palindrome.image.Provenance;

/** Shows how an image was made, and asks for the image to do the same with. */
final class RepeatDialog {

    private static final int ROWS = 18;
    private static final int COLUMNS = 76;

    private final String title;
    private final ImagePlus result;
    private final CommandSignature command;

    /**
     * @param title of the dialog
     * @param result the image that was made
     * @param command what made it
     */
    RepeatDialog(final String title, final ImagePlus result, final CommandSignature command) {
        this.title = title;
        this.result = result;
        this.command = command;
    }

    /**
     * Asks once.
     *
     * @param same finds the image that the command worked on; throws an IllegalArgumentException with the reason if it
     *     cannot
     * @return the macro key for the image, none for the same; empty if the user cancels
     */
    Optional<MacroOptions> ask(final Supplier<ImagePlus> same) throws IOException {
        final GenericDialog dialog = new GenericDialog(title);
        dialog.addMessage("'" + OpenImages.shortened(result.getTitle()) + "' was made by " + command.title() + ":");
        addRecord(dialog);
        final Supplier<MacroOptions> answer =
                command.mainImage().isPresent() ? addChoice(dialog, same) : () -> MacroOptions.NONE;
        dialog.addMessage("OK opens the dialog of " + command.title() + " with these values.");
        dialog.showDialog();
        return dialog.wasCanceled() ? Optional.empty() : Optional.of(answer.get());
    }

    private void addRecord(final GenericDialog dialog) throws IOException {
        final String record =
                Provenance.readFrom(result).map(Provenance::toInfo).orElse("").replaceAll("(?m)^Palindrome:? ", "");
        final TextArea area = new TextArea(record, ROWS, COLUMNS, TextArea.SCROLLBARS_BOTH);
        area.setEditable(false);
        final Panel panel = new Panel();
        panel.add(area);
        dialog.addPanel(panel, GridBagConstraints.CENTER, dialog.getInsets());
    }

    private static Supplier<MacroOptions> addChoice(final GenericDialog dialog, final Supplier<ImagePlus> same) {
        final List<String> items = new ArrayList<>();
        try {
            final ImagePlus image = same.get();
            items.add(
                    image == null
                            ? "no image, as before"
                            : "the same image, " + OpenImages.shortened(image.getTitle()));
        } catch (final IllegalArgumentException exc) {
            dialog.addMessage(UserMessage.wrap(exc.getMessage()));
        }
        final int others = items.size();
        final List<String> titles = OpenImages.titles();
        titles.stream().map(OpenImages::shortened).forEach(items::add);
        dialog.addChoice("Repeat on", items.toArray(new String[0]), items.get(0));
        final Choice choice = (Choice) dialog.getChoices().lastElement();
        return () -> choice.getSelectedIndex() < others
                ? MacroOptions.NONE
                : MacroOptions.of(
                        Map.of(Palindrome_Repeat.ON, Optional.of(titles.get(choice.getSelectedIndex() - others))));
    }
}
