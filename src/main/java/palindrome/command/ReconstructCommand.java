package palindrome.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Progress;

/**
 * <i>Diffusion Reconstruct...</i>: latent stack in, image of the original type,
 * size and calibration out. With the original given, a row of round-trip errors
 * is added to the Results table.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Reconstruct...",
        headless = true,
        description = "Turns a latent made by Diffusion Invert back into its image, bit for bit.")
public class ReconstructCommand extends DiffusionCommand {

    @Parameter(label = "Image", persist = false, description = "A latent stack made by Diffusion Invert.")
    private ImagePlus image;

    @Parameter(
            label = "Compare with",
            persist = false,
            required = false,
            autoFill = false,
            description = "Optional: the image that was inverted. Adds the differences to the Results table.")
    private ImagePlus original;

    @Parameter(
            label = "Device",
            persist = false,
            description = "Where the network runs: auto, cpu, gpu, gpu:1 (the second one) or mps (Apple).")
    private String device = "auto";

    @Parameter(type = ItemIO.OUTPUT, label = "Reconstructed image")
    private ImagePlus reconstructed;

    @Parameter(type = ItemIO.OUTPUT, label = "Results")
    private ResultsTable results;

    @Override
    protected void execute(final Progress host) {
        throw new UnsupportedOperationException("Diffusion Reconstruct is not connected to its operation yet.");
    }
}
