package palindrome.command;

import ij.measure.ResultsTable;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Progress;

/** <i>Diffusion History</i>: a table of the results since ImageJ was started. It grows while it is open. */
@Plugin(
        type = Command.class,
        label = "Diffusion History",
        headless = true,
        description = "Lists the results since ImageJ was started, each with the macro line that makes it again.")
public class HistoryCommand extends DiffusionCommand {

    /** Title of the table. */
    public static final String TITLE = "Diffusion History";

    @Parameter
    private HistoryService history;

    @Parameter(type = ItemIO.OUTPUT, label = TITLE)
    private ResultsTable results;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    @Override
    protected void execute(final Progress host) {
        results = new ResultsTable();
        history.entries().forEach(entry -> entry.addTo(results));
        if (results.size() == 0) notes = "There are no results yet since ImageJ was started.";
    }
}
