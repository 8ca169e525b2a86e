package palindrome.command;

import ij.ImagePlus;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Progress;

/**
 * <i>Diffusion Generate...</i>: prompt in, one image or a stack of
 * {@code count} images out.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Generate...",
        headless = true,
        description = "Makes new images from a prompt, or from a given noise or latent image.")
public class GenerateCommand extends DiffusionCommand {

    @Parameter(
            label = "Model",
            persist = false,
            style = "directory",
            description = "The bundled model ('bundled'), or a folder that holds a diffusers checkpoint.")
    private String model = "bundled";

    @Parameter(
            label = "Sampler",
            persist = false,
            choices = {"O-BELM", "BDIA", "EDICT", "DDIM"},
            description = "DDIM is not reversible; the others are.")
    private String sampler = "O-BELM";

    @Parameter(
            label = "Steps",
            persist = false,
            min = "2",
            max = "1000",
            description = "Network evaluations: more is slower and finer. 50 is usual.")
    private int steps = 50;

    @Parameter(
            label = "Gamma",
            persist = false,
            description =
                    "BDIA's weight of the previous state: a number above 0 and up to 1, or 'auto'. Other samplers ignore it.")
    private String gamma = "auto";

    @Parameter(
            label = "Guidance",
            persist = false,
            min = "0",
            max = "30",
            description = "How strongly the prompt steers.")
    private double guidance = 3;

    @Parameter(
            label = "Width (px)",
            persist = false,
            min = "8",
            max = "8192",
            description = "Of the new image; padded to what the model needs and cropped back.")
    private int width = 256;

    @Parameter(
            label = "Height (px)",
            persist = false,
            min = "8",
            max = "8192",
            description = "Of the new image; padded to what the model needs and cropped back.")
    private int height = 256;

    @Parameter(label = "Seed", persist = false, min = "0", description = "The same seed makes the same picture.")
    private long seed = 1;

    @Parameter(
            label = "Count",
            persist = false,
            min = "1",
            max = "1000",
            description = "How many images, as a stack; image n uses seed + n - 1.")
    private int count = 1;

    @Parameter(
            label = "Start from",
            persist = false,
            required = false,
            autoFill = false,
            description = "Optional: a latent or noise image to start from, in place of seed, width and height.")
    private ImagePlus noise;

    @Parameter(
            label = "Device",
            persist = false,
            description = "Where the network runs: auto, cpu, gpu, gpu:1 (the second one) or mps (Apple).")
    private String device = "auto";

    @Parameter(
            label = "Prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What to make; may be empty.")
    private String prompt = "";

    @Parameter(
            label = "Negative prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the result should not show; may be empty.")
    private String negative = "";

    @Parameter(type = ItemIO.OUTPUT, label = "Generated image")
    private ImagePlus generated;

    @Override
    protected void execute(final Progress host) {
        throw new UnsupportedOperationException("Diffusion Generate is not connected to its operation yet.");
    }
}
