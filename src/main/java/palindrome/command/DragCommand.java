package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.DoubleType;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Detail;
import palindrome.edit.DiffusionEquation;
import palindrome.edit.Drag;
import palindrome.edit.DragSettings;
import palindrome.edit.GuidanceScale;
import palindrome.edit.InversionImage;
import palindrome.edit.Progress;
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.image.DragHandles;
import palindrome.image.HandleSelection;
import palindrome.image.PixelPlane;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SelectionMask;
import palindrome.image.SourceImage;
import palindrome.image.StackPosition;

/**
 * <i>Diffusion Drag...</i>: an image with handles in, {@code <image>-dragged} out, and the image after every drag as a
 * stack {@code <image>-drags}. With an area selection only the selection changes.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Drag...",
        headless = true,
        description =
                "Moves what is at the beginning of a line, an arrow or a pair of points to its end, and repaints where it was.")
public class DragCommand extends PlanewiseCommand {

    private static final String AUTO = "auto";

    @Parameter(
            label = "Handles (empty if drawn)",
            persist = false,
            required = false,
            style = "text area",
            description = "What to drag from where to where: x1,y1->x2,y2 in pixels, several separated by semicolons."
                    + " If empty, the straight lines, arrows and pairs of points in the selection, else in the overlay,"
                    + " else in the ROI Manager.")
    private String handles = "";

    @Parameter(
            label = "Method",
            persist = false,
            choices = {"SDE", "ODE"},
            description = "How the image goes to noise and back: by Cycle-SDE, which is the method,"
                    + " or without randomness by DDIM, to compare.")
    private String method = "SDE";

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
            description = "How far towards noise, above 0: more redraws more and keeps less of what is dragged."
                    + " 0.3 to 0.4 suits the bundled model, 0.6 Stable Diffusion.")
    private double strength = 0.4;

    @Parameter(
            label = "Guidance",
            persist = false,
            description = "How strongly the prompt steers where there is most noise; it falls to 1 towards the image."
                    + " From 0 to 30; 'auto' is what the model usually takes: 3 for the bundled one, 7.5 for Stable"
                    + " Diffusion, 5 for XL.")
    private String guidance = "auto";

    @Parameter(
            label = "Radius (px)",
            persist = false,
            description = "Half the side of the square that is dragged, or 'auto' for 5 places of the model's states:"
                    + " 10 pixels with the bundled model, 40 with Stable Diffusion.")
    private String radius = AUTO;

    @Parameter(
            label = "Stride (px)",
            persist = false,
            description = "How far one drag goes, about; a long way takes several, each for the time of one."
                    + " 'auto' is 2 places of the model's states: 4 pixels with the bundled model, 16 with Stable"
                    + " Diffusion.")
    private String stride = AUTO;

    @Parameter(
            label = "Alpha",
            persist = false,
            min = "0",
            max = "10",
            description =
                    "How much stronger the copy is at the end of every drag, above 0: 1 as it is, 1.1 as in the paper.")
    private double alpha = 1;

    @Parameter(
            label = "Beta",
            persist = false,
            min = "0",
            max = "1",
            description = "How much of itself the beginning keeps: 0 makes it all noise, 1 leaves it.")
    private double beta = 0.3;

    @Parameter(
            label = "Fill with noise around",
            persist = false,
            choices = {"surroundings", "zero"},
            description = "Where something was, noise is put: like its surroundings, or around 0, which is mid-grey,"
                    + " as in the paper.")
    private String fill = "surroundings";

    @Parameter(
            label = "Handles together",
            persist = false,
            description = "Drags all handles a part of the way, then the next part; otherwise one after the other.")
    private boolean together = true;

    @Parameter(
            label = "Feather (px)",
            persist = false,
            min = "0",
            max = "1000",
            description = "Width of the soft border inside an area selection.")
    private double feather = 8;

    @Parameter(
            label = "Keep detail",
            persist = false,
            choices = {"unchanged", "all", "none"},
            description = "Of a latent model, whose autoencoder loses fine detail: where the original's is put back."
                    + " Pixel models lose none.")
    private String detail = "unchanged";

    @Parameter(
            label = "Intermediate images",
            persist = false,
            description = "Also makes a stack of the image after every drag.")
    private boolean intermediate = false;

    @Parameter(
            label = "Seed",
            persist = false,
            min = "0",
            description = "Of the noise that is drawn on the way and put where something was.")
    private long seed = 1;

    @Parameter(
            label = "Prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the image shows; may be empty.")
    private String prompt = "";

    @Parameter(
            label = "Negative prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the result should not show; may be empty.")
    private String negative = "";

    private final List<PixelPlane> drags = new ArrayList<>();

    @Override
    protected ResultTitle title() {
        return ResultTitle.DRAGGED;
    }

    @Override
    protected void prepare(final ImagePlus source) {
        final DragHandles found = handles.isBlank()
                ? HandleSelection.of(source)
                        .orElseThrow(() -> new IllegalArgumentException("There is no handle: draw a straight line or an"
                                + " arrow from what is to be dragged to where it should go, or write"
                                + " handles=[x1,y1->x2,y2] in pixels."))
                : DragHandles.parse(handles);
        found.requireInside(source.getWidth(), source.getHeight(), mask(source));
        // What is wrong with the settings is said before a model is loaded.
        settings();
        // NB: so that what is recorded runs without the drawn handles.
        handles = found.toString();
    }

    private Optional<SelectionMask> mask(final ImagePlus source) {
        return source.getRoi() != null && source.getRoi().isArea()
                ? SelectionMask.of(source, feather)
                : Optional.empty();
    }

    private DragSettings settings() {
        return new DragSettings(
                length("radius", radius),
                length("stride", stride),
                alpha,
                beta,
                fill.equals("zero") ? DragSettings.Fill.ZERO : DragSettings.Fill.SURROUNDINGS,
                together ? DragSettings.Order.TOGETHER : DragSettings.Order.SUCCESSIVE);
    }

    private static OptionalDouble length(final String key, final String text) {
        if (text.strip().equalsIgnoreCase(AUTO)) return OptionalDouble.empty();
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (final NumberFormatException exc) {
            throw new IllegalArgumentException(
                    "'" + key + "' is '" + text + "', but must be a number of pixels above 0, or auto.", exc);
        }
    }

    @Override
    protected ImagePlus process(
            final ImagePlus image, final StackPosition position, final int number, final Progress host)
            throws IOException {
        final GuidanceScale scale = GuidanceScale.parse(guidance);
        final PixelPlane plane = PixelPlane.of(image);
        final SourceImage original = SourceImage.of(image, plane);
        final Optional<SelectionMask> mask = mask(image);
        final Img<DoubleType> numbers = original.codec().encode(plane);
        final int before = drags.size();
        return withModel(host, opened -> {
            // A run that begins anew begins its intermediate images anew.
            drags.subList(before, drags.size()).clear();
            final Drag.Result result = new Drag(
                            opened,
                            new SamplingSettings(
                                    DiffusionEquation.of(method).thereAndBack(),
                                    steps,
                                    SamplerTuning.AUTOMATIC.withSeed(seed + number),
                                    strength,
                                    scale.of(opened),
                                    0),
                            settings(),
                            Detail.of(detail))
                    .run(
                            numbers,
                            DragHandles.parse(handles),
                            mask,
                            prompt,
                            negative,
                            (done, total, now) -> {
                                if (intermediate) drags.add(original.codec().decodeEdited(now.get(), numbers, plane));
                            },
                            host);
            final Provenance record = record(result, original)
                    .with("selection", mask.isPresent() ? image.getRoi().toString() : "none");
            if (intermediate) showDrags(image.getTitle(), original, result.drags(), record);
            say(result.record().warnings());
            final ImagePlus dragged =
                    original.toImage(image.getTitle(), original.codec().decodeEdited(result.image(), numbers, plane));
            record.attachTo(dragged);
            return dragged;
        });
    }

    private Provenance record(final Drag.Result result, final SourceImage original) {
        return InversionImage.provenance("drag", result.record())
                .with("handles", handles)
                .with("method", method)
                .with("radius", radius)
                .with("stride", stride)
                .with("alpha", alpha)
                .with("beta", beta)
                .with("fill", fill)
                .with("together", together)
                .with("drags", result.drags())
                .with("feather", feather)
                .with("detail", detail)
                .with("source", original.title())
                .with("sourceSha256", original.sha256())
                .synthetic(Provenance.Synthetic.EDITED);
    }

    /** @param count of the drags of one plane; each plane takes as many */
    private void showDrags(final String title, final SourceImage original, final int count, final Provenance record) {
        final List<String> labels = IntStream.range(0, drags.size())
                .mapToObj(drag -> "drag " + (drag % count + 1) + " of " + count)
                .toList();
        final ImagePlus images = original.toImage(ResultTitle.DRAGS.of(title), drags, labels);
        record.attachTo(images);
        showWay(images);
    }
}
