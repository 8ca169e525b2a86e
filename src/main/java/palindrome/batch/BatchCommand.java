package palindrome.batch;

import ij.measure.ResultsTable;
import java.io.IOException;
import java.util.List;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.command.DiffusionCommand;
import palindrome.edit.Progress;

/** <i>Diffusion Batch...</i>: a macro line over a folder of images, or a list of them, to a folder of results. */
@Plugin(
        type = Command.class,
        label = "Diffusion Batch...",
        headless = true,
        description = "Runs a command of Palindrome over a folder of images and saves the results as TIFF files;"
                + " run again, it goes on where it was stopped.")
public class BatchCommand extends DiffusionCommand {

    @Parameter(
            label = "Input folder",
            persist = false,
            style = "directory",
            description = "A folder of images, or a text file with one path a line.")
    private String input = "";

    @Parameter(
            label = "Output folder",
            persist = false,
            style = "directory",
            description = "The folder for the results and for batch.csv, which says what was done.")
    private String output = "";

    @Parameter(
            label = "Operation",
            persist = false,
            required = false,
            description = "Such as Edit, if the macro line is the options only.")
    private String operation = "";

    @Parameter(
            label = "Overwrite",
            persist = false,
            description =
                    "Whether files that are in the output folder, and were made by another line, may be replaced.")
    private boolean overwrite;

    @Parameter(
            label = "Macro line",
            persist = false,
            required = false,
            style = "text area",
            description = "What to run on each image, as the Recorder, the history and the Info of a result have it;"
                    + " further images in it are titles of open ones, or files, with {name} for the name of the image.")
    private String line = "";

    @Parameter(type = ItemIO.OUTPUT, label = "Diffusion Batch")
    private ResultsTable results;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    @Override
    protected void execute(final Progress host) throws IOException {
        final BatchPlan plan = BatchPlan.of(input, output, operation, line, overwrite);
        final List<BatchRow> rows = new BatchRun(plan).run(host);
        results = new ResultsTable();
        rows.forEach(row -> row.addTo(results));
        notes = BatchRow.summary(rows) + " See " + plan.folder().resolve(BatchLog.NAME) + ".";
    }
}
