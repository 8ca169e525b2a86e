package palindrome.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.DoubleType;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Control;
import palindrome.edit.EncodedImage;
import palindrome.edit.Inversion;
import palindrome.edit.InversionImage;
import palindrome.edit.Invert;
import palindrome.edit.Progress;
import palindrome.edit.Reconstruct;
import palindrome.edit.RoundTripError;
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.image.LatentImage;
import palindrome.image.LatentOrigin;
import palindrome.image.LatentSeries;
import palindrome.image.PixelPlane;
import palindrome.image.PlaneChoice;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SourceImage;
import palindrome.image.StackPlanes;
import palindrome.image.StackPosition;

/**
 * <i>Diffusion Invert...</i>: image in, 32-bit latent stack
 * {@code <image>-latent} out, which holds the latents of all chosen planes.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Invert...",
        headless = true,
        description = "Turns the image into its latent noise, from which Diffusion Reconstruct returns every pixel.")
public class InvertCommand extends StackCommand {

    @Parameter(
            label = "Sampler",
            persist = false,
            choices = {
                "O-BELM",
                "BDIA",
                "BDIA-DPM-Solver++ 2S",
                "BDIA-EDM Euler",
                "BDIA-EDM Heun",
                "BELM",
                "EDICT",
                "Cycle-SDE",
                "CycleDiffusion",
                "Null-text"
            },
            description =
                    "Exactly reversible, but for Null-text, which is approximate, slow, and needs guidance above 1.")
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
            style = "advanced",
            description =
                    "Of BDIA and its kin, the weight of the state before last: a number above 0 and up to 1, or"
                            + " 'auto', which looks for another where the latent is not healthy. Of BELM its coefficients, one number or one a step. Other samplers ignore it.")
    private String gamma = "auto";

    @Parameter(
            label = "Mixing",
            persist = false,
            style = "advanced",
            description = "Of EDICT, how much each copy keeps of itself: a number above 0 and below 1, or 'auto'.")
    private String mixing = "auto";

    @Parameter(
            label = "Eta",
            persist = false,
            style = "advanced",
            description =
                    "How much noise the steps of Cycle-SDE and CycleDiffusion draw, above 0 and up to 1, or 'auto' for 1 and 0.1.")
    private String eta = "auto";

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
            style = "advanced",
            min = "0",
            max = "100",
            description =
                    "How strongly the model's classifier steers to the words of the prompt that it knows. 0 is off.")
    private double classifier = 0;

    @Parameter(
            label = "Seed",
            persist = false,
            min = "0",
            description = "Of the noise that Cycle-SDE and CycleDiffusion draw; the others draw none.")
    private long seed = 1;

    @Parameter(
            label = "Verify the way back",
            persist = false,
            description = "Runs the way back as well, for twice the time, and reports the largest difference.")
    private boolean verify = false;

    @Parameter(
            label = "Control image",
            persist = false,
            required = false,
            autoFill = false,
            description = "Optional: an image of the same size that says where things are. It is kept in the latent.")
    private ImagePlus control;

    @Parameter(
            label = "Control kind",
            persist = false,
            choices = {"auto", "image", "edges", "labels", "rois"},
            description = "What is taken from the control image: itself, its edges, its labels or mask, or its overlay"
                    + " and selection. 'auto' is labels for the bundled ControlNet, else the image itself.")
    private String controlkind = "auto";

    @Parameter(
            label = "ControlNet",
            persist = false,
            style = "directory",
            description = "What follows the control image: 'bundled', which draws nuclei where the bundled model should"
                    + " have them, or the folder, .safetensors file or owner/name of one made for the model.")
    private String controlnet = "bundled";

    @Parameter(
            label = "Control scale",
            persist = false,
            min = "0",
            max = "10",
            description = "How strongly the control image leads: 1 is usual, 0 is not at all.")
    private double controlscale = 1;

    @Parameter(
            label = "Control start",
            persist = false,
            style = "advanced",
            min = "0",
            max = "1",
            description = "Share of the steps, counted from the noise, before which the control image is not heard.")
    private double controlstart = 0;

    @Parameter(
            label = "Control end",
            persist = false,
            style = "advanced",
            min = "0",
            max = "1",
            description = "Share of the steps after which the control image is not heard.")
    private double controlend = 1;

    @Parameter(
            label = "Prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the image shows; may be empty.")
    private String prompt = "";

    @Parameter(type = ItemIO.OUTPUT, label = "Latent")
    private ImagePlus latent;

    @Parameter(type = ItemIO.OUTPUT, label = "Results")
    private ResultsTable results;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    /** A plane as noise, and how it went. */
    private record Inverted(LatentImage latent, Inversion inversion, double seconds, Optional<RoundTripError> error) {}

    @Override
    protected void execute(final Progress host) throws IOException {
        final ImagePlus image = image();
        final PlaneChoice choice = choice();
        final List<ImagePlus> planes = planes(new StackPlanes(image, choice), choice);
        final List<Optional<Control>> leading = new ArrayList<>();
        for (final StackPosition position : choice.positions()) leading.add(control(position));
        final PlanesProgress progress = new PlanesProgress(host, planes.size());
        final List<Inverted> inverted = new ArrayList<>();
        for (int i = 0; i < planes.size(); i++) {
            progress.begin(i);
            inverted.add(invert(planes.get(i), noiseNumber(i), leading.get(i), progress));
        }
        latent = LatentSeries.of(
                        image, choice, inverted.stream().map(Inverted::latent).toList())
                .toImage(ResultTitle.LATENT.of(image.getTitle()));
        for (int i = 0; i < planes.size(); i++) {
            final Inverted one = inverted.get(i);
            final String place =
                    planes.size() == 1 ? "" : " " + choice.positions().get(i).in(image);
            results = HealthRow.add(latent.getTitle() + place, one.inversion(), one.seconds(), one.error());
        }
        notes = inverted.stream()
                .flatMap(one -> one.inversion().warnings().stream())
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    private Optional<Control> control(final StackPosition position) {
        return ControlInput.of(
                planeOf(control, position), controlkind, controlnet, controlscale, controlstart, controlend);
    }

    private Inverted invert(
            final ImagePlus image, final int number, final Optional<Control> leading, final Progress progress)
            throws IOException {
        final PixelPlane plane = PixelPlane.of(image);
        final SourceImage original = SourceImage.of(image, plane);
        final Optional<Provenance> source = Provenance.readFrom(image);
        final Img<DoubleType> numbers = original.codec().encode(plane);
        return withModel(progress, opened -> {
            final long start = System.nanoTime();
            final Invert invert = new Invert(
                    opened,
                    new SamplingSettings(
                            sampler,
                            steps,
                            new SamplerTuning(gamma, mixing, eta, 0, seed + number),
                            strength,
                            guidance,
                            classifier,
                            leading));
            final EncodedImage encoded = invert.encode(numbers, progress);
            final Inversion inversion = invert.run(encoded, prompt, "", progress);
            final double seconds = (System.nanoTime() - start) / 1e9;
            final Optional<RoundTripError> error = verify
                    ? Optional.of(
                            RoundTripError.of(encoded.decoded(), new Reconstruct(opened).run(inversion, progress)))
                    : Optional.empty();
            final LatentOrigin origin = LatentOrigin.of(original, plane, inversion.padding(), encoded.decoded());
            final LatentImage made = InversionImage.of(inversion, origin, error);
            return new Inverted(
                    source.isPresent() ? made.with(made.provenance().syntheticAs(source.get())) : made,
                    inversion,
                    seconds,
                    error);
        });
    }
}
