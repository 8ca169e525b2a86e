package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.DoubleType;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Detail;
import palindrome.edit.DiffusionEquation;
import palindrome.edit.GuidanceScale;
import palindrome.edit.Inpaint;
import palindrome.edit.InversionImage;
import palindrome.edit.Progress;
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.image.InpaintMargins;
import palindrome.image.PixelPlane;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SelectedArea;
import palindrome.image.SourceImage;
import palindrome.image.StackPosition;

/**
 * <i>Diffusion Inpaint...</i>: image, selection and prompt in, {@code <image>-inpainted} out. Outside of the selection every
 * pixel is the original one.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Inpaint...",
        headless = true,
        description = "Repaints what is selected, as the prompt says, so that it goes on from the image around it."
                + " Nothing else changes.")
public class InpaintCommand extends PlanewiseCommand {

    @Parameter(
            label = "Mask image",
            persist = false,
            required = false,
            autoFill = false,
            description = "Optional: an image of the same size whose pixels other than 0 are repainted instead of the"
                    + " selection.")
    private ImagePlus selection;

    @Parameter(
            label = "Selections of the ROI Manager",
            persist = false,
            description = "Repaints what the ROI Manager lists, or has selected, instead of the image's own selection.")
    private boolean manager = false;

    @Parameter(
            label = "Method",
            persist = false,
            choices = {"ODE", "SDE"},
            description = "The SDE draws fresh noise at every step, the ODE none.")
    private String method = "SDE";

    @Parameter(
            label = "Order",
            persist = false,
            min = "1",
            max = "2",
            description = "Of the solver, DPM-Solver++: 2 is more accurate with few steps.")
    private int order = 2;

    @Parameter(
            label = "Steps",
            persist = false,
            min = "2",
            max = "1000",
            description = "Network evaluations: more is slower and finer. 50 is usual.")
    private int steps = 50;

    @Parameter(
            label = "Strength",
            persist = false,
            min = "0",
            max = "1",
            description = "How much may change: 1 is everything, 0 nothing.")
    private double strength = 1;

    @Parameter(
            label = "Guidance",
            persist = false,
            description = "How strongly the prompt steers."
                    + " From 0 to 30; 'auto' is what the model usually takes: 3 for the bundled one, 7.5 for Stable"
                    + " Diffusion, 5 for XL.")
    private String guidance = "auto";

    @Parameter(
            label = "Classifier guidance",
            persist = false,
            min = "0",
            max = "100",
            description =
                    "How strongly the model's classifier steers to the words of the prompts that it knows. 0 is off.")
    private double classifier = 0;

    @Parameter(
            label = "Grow (%)",
            persist = false,
            min = "0",
            max = "1000",
            description =
                    "How far beyond the selection the model may paint, in percent of its size. What it paints there is thrown away.")
    private double grow = 0;

    @Parameter(
            label = "Feather (%)",
            persist = false,
            min = "0",
            max = "1000",
            description =
                    "Width of the border inside the selection where the model keeps the more of the original the nearer it is to the edge.")
    private double feather = 10;

    @Parameter(
            label = "Blend (%)",
            persist = false,
            min = "0",
            max = "1000",
            description = "Width of the border inside the selection where the result is mixed with the original.")
    private double blend = 10;

    @Parameter(
            label = "Padding (%)",
            persist = false,
            min = "0",
            max = "1000",
            description = "How much of the image around the selection the model sees, at least.")
    private double padding = 50;

    @Parameter(
            label = "Keep detail",
            persist = false,
            choices = {"unchanged", "all", "none"},
            description = "Of a latent model, whose autoencoder loses fine detail: where the original's is put back."
                    + " Pixel models lose none.")
    private String detail = "unchanged";

    @Parameter(
            label = "Seed",
            persist = false,
            min = "0",
            description = "Of the noise: another one paints something else.")
    private long seed = 1;

    @Parameter(
            label = "Prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the image should show there; may be empty.")
    private String prompt = "";

    @Parameter(
            label = "Negative prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the result should not show; may be empty.")
    private String negative = "";

    @Override
    protected ResultTitle title() {
        return ResultTitle.INPAINTED;
    }

    @Override
    protected void prepare(final ImagePlus image) {
        if (selection != null && manager)
            throw new IllegalArgumentException("Both a mask ('selection' is '" + selection.getTitle()
                    + "') and the ROI Manager ('manager') say what to repaint; give one of them.");
        final List<StackPosition> positions = choice().positions();
        if (manager && positions.stream().noneMatch(position -> SelectedArea.isInRoiManager(image, position)))
            SelectedArea.ofRoiManager(image, positions.get(0));
    }

    @Override
    protected ImagePlus process(
            final ImagePlus image, final StackPosition position, final int number, final Progress host)
            throws IOException {
        final GuidanceScale scale = GuidanceScale.parse(guidance);
        final Optional<SelectedArea> area = area(image, position);
        if (area.isEmpty()) return image;
        final PixelPlane plane = PixelPlane.of(image);
        final SourceImage original = SourceImage.of(image, plane);
        final Img<DoubleType> numbers = original.codec().encode(plane);
        return withModel(host, opened -> {
            final Inpaint.Result result = new Inpaint(
                            opened,
                            new SamplingSettings(
                                    DiffusionEquation.of(method).sampler(order),
                                    steps,
                                    SamplerTuning.AUTOMATIC.withSeed(seed + number),
                                    strength,
                                    scale.of(opened),
                                    classifier),
                            new InpaintMargins(grow, feather, blend, padding),
                            Detail.of(detail))
                    .run(numbers, area.get(), prompt, negative, host);
            final ImagePlus inpainted =
                    original.toImage(image.getTitle(), original.codec().decodeEdited(result.image(), numbers, plane));
            InversionImage.provenance("inpaint", result.record())
                    .with("selection", selected(image))
                    .with("selectedPixels", area.get().count())
                    .with("regions", result.regions().size())
                    .with("grow", grow)
                    .with("feather", feather)
                    .with("blend", blend)
                    .with("padding", padding)
                    .with("detail", detail)
                    .with("source", original.title())
                    .with("sourceSha256", original.sha256())
                    .synthetic(Provenance.Synthetic.EDITED)
                    .attachTo(inpainted);
            say(result.warnings());
            return inpainted;
        });
    }

    /** What is to be repainted of a plane; empty where a mask is, or where the ROI Manager lists other planes only. */
    private Optional<SelectedArea> area(final ImagePlus plane, final StackPosition position) {
        if (selection != null) {
            final Optional<SelectedArea> area = SelectedArea.ofMask(plane, planeOf(selection, position));
            if (area.isEmpty())
                say(List.of("The mask '" + selection.getTitle() + "' is 0 everywhere, so nothing was repainted."));
            return area;
        }
        if (!manager) return Optional.of(SelectedArea.of(plane));
        return SelectedArea.isInRoiManager(image(), position)
                ? Optional.of(SelectedArea.ofRoiManager(image(), position))
                : Optional.empty();
    }

    private String selected(final ImagePlus plane) {
        if (selection != null) return "mask " + selection.getTitle();
        return manager ? "ROI Manager" : plane.getRoi().toString();
    }
}
