package palindrome.ij1;

import ij.measure.ResultsTable;
import ij.plugin.filter.Analyzer;
import java.awt.GraphicsEnvironment;

/** The tables that commands make. */
final class ResultTables {

    private static final String RESULTS = "Results";

    private ResultTables() {}

    /**
     * Shows a table in the window of its title. Where there are no windows, ImageJ
     * knows one table only, so there it becomes that one: a macro reads it by
     * {@code Table.getString(column, row)} in both worlds.
     */
    static void show(final ResultsTable table, final String title) {
        if (GraphicsEnvironment.isHeadless() && !title.equals(RESULTS)) Analyzer.setResultsTable(table);
        else table.show(title);
    }
}
