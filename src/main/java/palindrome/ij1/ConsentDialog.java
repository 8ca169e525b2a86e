package palindrome.ij1;

import ij.gui.GenericDialog;
import java.awt.GridBagConstraints;
import java.awt.Panel;
import java.awt.TextArea;
import palindrome.command.Consent;

/** Asks by a dialog, with a text to read above the buttons where there is one. */
final class ConsentDialog implements Consent {

    private static final int ROWS = 18;
    private static final int COLUMNS = 80;

    private final String title;

    /** @param title of the dialog */
    ConsentDialog(final String title) {
        this.title = title;
    }

    @Override
    public boolean give(final String question, final String text, final String yes) {
        final GenericDialog dialog = new GenericDialog(title);
        dialog.addMessage(UserMessage.wrap(question));
        if (!text.isBlank()) {
            final TextArea area = new TextArea(text, ROWS, COLUMNS, TextArea.SCROLLBARS_VERTICAL_ONLY);
            area.setEditable(false);
            final Panel panel = new Panel();
            panel.add(area);
            dialog.addPanel(panel, GridBagConstraints.CENTER, dialog.getInsets());
        }
        dialog.setOKLabel(yes);
        dialog.showDialog();
        return dialog.wasOKed();
    }
}
