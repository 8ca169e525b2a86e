package palindrome.ij1;

import ij.WindowManager;
import ij.measure.ResultsTable;
import ij.text.TextPanel;
import ij.text.TextWindow;
import palindrome.command.HistoryCommand;
import palindrome.command.HistoryEntry;

/** The history while it is open. */
final class HistoryWindow {

    private HistoryWindow() {}

    /** Adds a row, below whatever the user made of the table; does nothing where it is not open. */
    static void append(final HistoryEntry entry) {
        if (!(WindowManager.getFrame(HistoryCommand.TITLE) instanceof TextWindow window)) return;
        final TextPanel panel = window.getTextPanel();
        final ResultsTable table = panel.getResultsTable();
        if (table == null) return;
        entry.addTo(table);
        // NB: ResultsTable.show would bring the window to the front, over the result
        panel.append(table.getRowAsString(table.size() - 1));
    }
}
