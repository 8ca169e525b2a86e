package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.Optional;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Inversion;
import palindrome.edit.InversionImage;
import palindrome.edit.Invert;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.SamplingSettings;
import palindrome.image.LatentImage;
import palindrome.image.LatentOrigin;
import palindrome.image.LatentStack;
import palindrome.image.PixelPlane;
import palindrome.image.Provenance;
import palindrome.image.Residual;
import palindrome.image.ResultTitle;
import palindrome.image.SourceImage;

/**
 * <i>Diffusion Invert...</i>: image in, 32-bit latent stack
 * {@code <image>-latent} out.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Invert...",
        headless = true,
        description = "Turns the image into its latent noise, from which Diffusion Reconstruct returns every pixel.")
public class InvertCommand extends DiffusionCommand {

    @Parameter(label = "Image", persist = false, description = "The image to invert; of a stack, the current plane.")
    private ImagePlus image;

    @Parameter(
            label = "Model",
            persist = false,
            style = "directory",
            description = "The bundled model ('bundled'), or a folder that holds a diffusers checkpoint.")
    private String model = "bundled";

    @Parameter(
            label = "Sampler",
            persist = false,
            choices = {"O-BELM", "BDIA", "EDICT"},
            description = "Exactly reversible sampler.")
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
            label = "Strength",
            persist = false,
            min = "0",
            max = "1",
            description = "How far towards pure noise, above 0: 1 is all the way.")
    private double strength = 1;

    @Parameter(
            label = "Guidance",
            persist = false,
            min = "0",
            max = "30",
            description = "How strongly the prompt steers. 1 follows the model as it is, and is best for inversion.")
    private double guidance = 1;

    @Parameter(
            label = "Classifier guidance",
            persist = false,
            min = "0",
            max = "100",
            description =
                    "How strongly the model's classifier steers to the words of the prompt that it knows. 0 is off.")
    private double classifier = 0;

    @Parameter(
            label = "Device",
            persist = false,
            description = "Where the network runs: auto, cpu, gpu or gpu:1 (the second one).")
    private String device = "auto";

    @Parameter(
            label = "Prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the image shows; may be empty.")
    private String prompt = "";

    @Parameter(type = ItemIO.OUTPUT, label = "Latent")
    private ImagePlus latent;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    @Override
    protected void execute(final Progress host) throws IOException {
        final PixelPlane plane = PixelPlane.of(image);
        final SourceImage original = SourceImage.of(image, plane);
        final Optional<Provenance> source = Provenance.readFrom(image);
        try (OpenedModel opened = OpenedModel.open(model, device, host)) {
            final Inversion inversion = new Invert(
                            opened, new SamplingSettings(sampler, steps, gamma, strength, guidance, classifier))
                    .run(original.codec().encode(plane), prompt, host);
            final LatentOrigin origin =
                    new LatentOrigin(original, inversion.padding(), Residual.of(plane, original.codec()));
            final LatentImage made = InversionImage.of(inversion, origin);
            latent = LatentStack.toImage(
                    ResultTitle.LATENT.of(image.getTitle()),
                    source.isPresent() ? made.with(made.provenance().syntheticAs(source.get())) : made);
            notes = String.join("\n", inversion.warnings());
        }
    }
}
