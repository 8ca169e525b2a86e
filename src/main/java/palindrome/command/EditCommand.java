package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.DoubleType;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.AttentionTuning;
import palindrome.edit.Control;
import palindrome.edit.Detail;
import palindrome.edit.Edit;
import palindrome.edit.GuidanceScale;
import palindrome.edit.InversionImage;
import palindrome.edit.Progress;
import palindrome.edit.RunRecord;
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.image.PixelPlane;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SelectionMask;
import palindrome.image.SourceImage;
import palindrome.image.StackPosition;

/**
 * <i>Diffusion Edit...</i>: image and prompts in, {@code <image>-edited} out.
 * With an area selection only the selection changes.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Edit...",
        headless = true,
        description =
                "Changes the image, or the selected area of it, from what the source prompt says to what the target prompt says.")
public class EditCommand extends PlanewiseCommand {

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
            description = "How much may change, above 0: 1 is everything.")
    private double strength = 0.6;

    @Parameter(
            label = "Guidance",
            persist = false,
            description = "How strongly the target prompt steers."
                    + " From 0 to 30; 'auto' is what the model usually takes: 3 for the bundled one, 7.5 for Stable"
                    + " Diffusion, 5 for XL.")
    private String guidance = "auto";

    @Parameter(
            label = "Classifier guidance",
            persist = false,
            style = "advanced",
            min = "0",
            max = "100",
            description =
                    "How strongly the model's classifier steers to the words of the prompts that it knows. 0 is off.")
    private double classifier = 0;

    @Parameter(
            label = "Feather (px)",
            persist = false,
            min = "0",
            max = "1000",
            description = "Width of the soft border inside the selection.")
    private double feather = 8;

    @Parameter(
            label = "Keep detail",
            persist = false,
            choices = {"unchanged", "all", "none"},
            description = "Of a latent model, whose autoencoder loses fine detail: where the original's is put back."
                    + " Pixel models lose none.")
    private String detail = "unchanged";

    @Parameter(
            label = "Follow words",
            persist = false,
            description =
                    "The steps in which places attend to words as in the source, which keeps the layout: 0 is none, 0.8"
                            + " the first 80 percent, 0.2-0.8 all but the first and last fifth; words may have their own, as in 0.8"
                            + " bright:0-0.3.")
    private String cross = "0";

    @Parameter(
            label = "Follow places",
            persist = false,
            description =
                    "The steps in which places attend to each other as in the source, which keeps shapes, written as"
                            + " above; 0.4 is usual.")
    private String self = "0";

    @Parameter(
            label = "Match words",
            persist = false,
            choices = {"auto", "replace", "refine"},
            description = "Which words take the attention of which, where words are followed: 'replace' word for word,"
                    + " 'refine' those that both prompts have, 'auto' replaces where both have as many words.")
    private String mapping = "auto";

    @Parameter(
            label = "Word weights",
            persist = false,
            required = false,
            description =
                    "Optional: factors of the attention to words of the target prompt, as in 'nuclei:1.6 dim:0.5'; may"
                            + " stand in the prompt as well.")
    private String reweight = "";

    @Parameter(
            label = "Only where",
            persist = false,
            required = false,
            description =
                    "Optional: words of the prompts, as in 'nuclei'; only places that attend to them change, and with"
                            + " a minus before a word those that attend to it do not.")
    private String blend = "";

    @Parameter(
            label = "Seed",
            persist = false,
            min = "0",
            description = "Of the noise that Cycle-SDE and CycleDiffusion draw; the others draw none.")
    private long seed = 1;

    @Parameter(
            label = "Control image",
            persist = false,
            required = false,
            autoFill = false,
            description =
                    "Optional: an image of the same size that says where things are and stay, such as a label image.")
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
            label = "Source prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the image shows now; may be empty.")
    private String source = "";

    @Parameter(
            label = "Target prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What it should show.")
    private String target = "";

    @Parameter(
            label = "Negative prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the result should not show; may be empty.")
    private String negative = "";

    @Override
    protected ResultTitle title() {
        return ResultTitle.EDITED;
    }

    @Override
    protected ImagePlus process(
            final ImagePlus image, final StackPosition position, final int number, final Progress host)
            throws IOException {
        final GuidanceScale scale = GuidanceScale.parse(guidance);
        final PixelPlane plane = PixelPlane.of(image);
        final SourceImage original = SourceImage.of(image, plane);
        final Optional<SelectionMask> mask = SelectionMask.of(image, feather);
        final Img<DoubleType> numbers = original.codec().encode(plane);
        final Optional<Control> leading = ControlInput.of(
                planeOf(control, position), controlkind, controlnet, controlscale, controlstart, controlend);
        return withModel(host, opened -> {
            final Edit.Result result = new Edit(
                            opened,
                            new SamplingSettings(
                                    sampler,
                                    steps,
                                    new SamplerTuning(gamma, mixing, eta, 0, seed + number),
                                    strength,
                                    scale.of(opened),
                                    classifier,
                                    leading),
                            Detail.of(detail),
                            new AttentionTuning(mapping, cross, self, reweight, blend))
                    .run(numbers, source, target, negative, host);
            final RandomAccessibleInterval<DoubleType> changed =
                    mask.isPresent() ? mask.get().blend(numbers, result.image()) : result.image();
            final ImagePlus edited =
                    original.toImage(image.getTitle(), original.codec().decodeEdited(changed, numbers, plane));
            final RunRecord record = result.inversion().record();
            InversionImage.withAutoencoder(InversionImage.provenance("edit", record), result.inversion())
                    .with("targetPrompt", target)
                    .with("targetClassifierScale", classifier)
                    .with("selection", mask.isPresent() ? image.getRoi().toString() : "none")
                    .with("feather", feather)
                    .with("detail", detail)
                    .with("mapping", mapping)
                    .with("cross", cross)
                    .with("self", self)
                    .with("reweight", reweight)
                    .with("blend", blend)
                    .with("source", original.title())
                    .with("sourceSha256", original.sha256())
                    .synthetic(Provenance.Synthetic.EDITED)
                    .attachTo(edited);
            say(result.inversion().warnings());
            if (source.strip().equals(target.strip()) && reweight.isBlank())
                say(List.of(
                        "The source and the target prompt are the same, so there is nothing to change: say in the target"
                                + " prompt what the image should show."));
            return edited;
        });
    }
}
