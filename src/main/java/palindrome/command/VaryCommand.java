package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.DoubleType;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Detail;
import palindrome.edit.DiffusionEquation;
import palindrome.edit.GuidanceScale;
import palindrome.edit.InversionImage;
import palindrome.edit.OpenedModel;
import palindrome.edit.PartOfSeries;
import palindrome.edit.Progress;
import palindrome.edit.RunRecord;
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.edit.Vary;
import palindrome.image.PixelPlane;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SelectionMask;
import palindrome.image.SourceImage;
import palindrome.image.StackPosition;

/**
 * <i>Diffusion Vary...</i>: image and prompt in, {@code <image>-varied} out, a stack of {@code count} variations. With an area
 * selection only the selection varies.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Vary...",
        headless = true,
        description =
                "Makes variations of the image, or of the selected area of it: the more strength, the less alike.")
public class VaryCommand extends PlanewiseCommand {

    private static final String CYCLE_SDE = "Cycle-SDE";

    @Parameter(
            label = "Method",
            persist = false,
            choices = {"ODE", "SDE", "Cycle-SDE"},
            description =
                    "The SDE draws fresh noise at every step, the ODE none. Cycle-SDE keeps the noise of the image,"
                            + " and changes what the prompt says otherwise than the source prompt.")
    private String method = "SDE";

    @Parameter(
            label = "Order",
            persist = false,
            min = "1",
            max = "2",
            description = "Of the solver, DPM-Solver++: 2 is more accurate with few steps. Cycle-SDE ignores it.")
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
            description = "How far from the image: 0 is the image itself, 1 has nothing to do with it.")
    private double strength = 0.5;

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

    @Parameter(label = "Seed", persist = false, min = "0", description = "The same seed makes the same variation.")
    private long seed = 1;

    @Parameter(
            label = "Count",
            persist = false,
            min = "1",
            max = "1000",
            description = "How many variations, as a stack; variation n uses seed + n - 1.")
    private int count = 4;

    @Parameter(
            label = "Source (Cycle-SDE)",
            persist = false,
            required = false,
            style = "text area",
            description = "For Cycle-SDE, what the image shows now; may be empty. The others ignore it.")
    private String source = "";

    @Parameter(
            label = "Prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the variations should show; may be empty.")
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
        return ResultTitle.VARIED;
    }

    @Override
    protected int resultsPerPlane() {
        return count;
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
        final long first = seed + number;
        return withModel(host, opened -> {
            final List<PixelPlane> planes = new ArrayList<>();
            final List<String> labels = new ArrayList<>();
            final Vary vary = operation(opened, scale);
            RunRecord record = null;
            for (int i = 0; i < count; i++) {
                final Vary.Result result =
                        vary.run(numbers, first + i, source, prompt, negative, new PartOfSeries(host, i, count));
                final RandomAccessibleInterval<DoubleType> changed =
                        mask.isPresent() ? mask.get().blend(numbers, result.image()) : result.image();
                planes.add(original.codec().decodeEdited(changed, numbers, plane));
                labels.add("seed " + (first + i));
                if (i == 0) record = result.record();
            }
            say(record.warnings());
            final ImagePlus stack = count == 1
                    ? original.toImage(image.getTitle(), planes.get(0))
                    : original.toImage(image.getTitle(), planes, labels);
            InversionImage.provenance("vary", record)
                    .with("seed", first)
                    .with("count", count)
                    .with("targetPrompt", prompt)
                    .with("selection", mask.isPresent() ? image.getRoi().toString() : "none")
                    .with("feather", feather)
                    .with("detail", detail)
                    .with("source", original.title())
                    .with("sourceSha256", original.sha256())
                    .synthetic(Provenance.Synthetic.EDITED)
                    .attachTo(stack);
            return stack;
        });
    }

    private Vary operation(final OpenedModel opened, final GuidanceScale scale) {
        return new Vary(
                opened,
                new SamplingSettings(
                        method.equals(CYCLE_SDE)
                                ? CYCLE_SDE
                                : DiffusionEquation.of(method).sampler(order),
                        steps,
                        SamplerTuning.AUTOMATIC,
                        strength,
                        scale.of(opened),
                        classifier),
                Detail.of(detail));
    }
}
