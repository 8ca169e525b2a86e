package palindrome.command;

import java.io.IOException;
import java.nio.file.Path;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Progress;
import palindrome.evaluate.SetupReport;
import palindrome.model.hub.HubEnvironment;

/** <i>Diffusion Setup...</i>: a text window on what Palindrome runs on, to read or to paste into a forum. */
@Plugin(
        type = Command.class,
        label = "Diffusion Setup...",
        headless = true,
        description = "Reports what Palindrome runs on and why, and tests whether and how fast it computes.")
public class SetupCommand extends DiffusionCommand {

    @Parameter(
            label = "Device",
            persist = false,
            description = "What to test: auto, cpu, gpu, gpu:1 (the second one) or mps (of an Apple computer).")
    private String device = "auto";

    @Parameter(
            label = "Self-test",
            persist = false,
            description = "Computes for some seconds: a matrix product, the bundled model, a round trip, and on a GPU"
                    + " both precisions.")
    private boolean test = true;

    @Parameter(type = ItemIO.OUTPUT, label = "Report")
    private TextReport report;

    @Override
    protected void execute(final Progress host) throws IOException {
        final Path modelCache = HubEnvironment.ofProcess().cache();
        report = new TextReport("Palindrome Setup", new SetupReport(device, modelCache).text(test, host));
    }
}
