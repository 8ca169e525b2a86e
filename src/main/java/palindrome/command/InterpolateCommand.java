package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Interpolate;
import palindrome.edit.Inversion;
import palindrome.edit.InversionImage;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.RunRecord;
import palindrome.image.LatentImage;
import palindrome.image.LatentStack;
import palindrome.image.PixelPlane;
import palindrome.image.PlaneSeries;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SourceImage;

/**
 * <i>Diffusion Interpolate...</i>: two latents in, a stack of images from the one's to the other's out.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Interpolate...",
        headless = true,
        description = "Makes the images between those of two latents, along the sphere that noise lies on.")
public class InterpolateCommand extends DiffusionCommand {

    private static final String TITLE = "interpolated";

    @Parameter(label = "Image", persist = false, description = "The first latent stack made by Diffusion Invert.")
    private ImagePlus image;

    @Parameter(
            label = "Second latent",
            persist = false,
            required = false,
            autoFill = false,
            description = "Another one, made with the same sampler, steps and strength of an image of the same size.")
    private ImagePlus other;

    @Parameter(
            label = "Count",
            persist = false,
            min = "2",
            max = "1000",
            description = "How many images, with the two at the ends.")
    private int count = 5;

    @Parameter(
            label = "Device",
            persist = false,
            description =
                    "Where the network runs: auto, cpu, gpu, gpu:1 (the second one) or mps (of an Apple computer).")
    private String device = "auto";

    @Parameter(type = ItemIO.OUTPUT, label = "Interpolated images")
    private ImagePlus interpolated;

    @Override
    protected void execute(final Progress host) throws IOException {
        if (other == null)
            throw new IllegalArgumentException("There is no second latent: 'other' needs the title of an open one.");
        final LatentImage latent = LatentStack.fromImage(image);
        final Inversion first = InversionImage.read(latent);
        final Inversion second = InversionImage.read(LatentStack.fromImage(other));
        requireAlike(first, second);
        final SourceImage source = latent.origin().orElseThrow().image();
        try (OpenedModel opened = OpenedModel.open(
                first.record().model(), first.record().runtime().configurationOn(device), host)) {
            final List<PixelPlane> planes = new ArrayList<>();
            final List<String> labels = new ArrayList<>();
            for (final RandomAccessibleInterval<DoubleType> numbers :
                    new Interpolate(opened).run(first, second, count, host)) {
                labels.add(String.format(Locale.ROOT, "%.3f", planes.size() / (count - 1.0)));
                planes.add(source.codec().decode(numbers));
            }
            interpolated = PlaneSeries.toImage(ResultTitle.unique(TITLE), planes, labels);
            InversionImage.provenance("interpolate", first.record())
                    .with("first", image.getTitle())
                    .with("second", other.getTitle())
                    .with("count", count)
                    .synthetic(Provenance.Synthetic.GENERATED)
                    .attachTo(interpolated);
        }
    }

    /** What the latents themselves cannot tell, since other weights or prompts lead over the same nodes. */
    private void requireAlike(final Inversion first, final Inversion second) {
        final RunRecord a = first.record();
        final RunRecord b = second.record();
        if (!a.modelSha256().equals(b.modelSha256())
                || !a.sampler().equals(b.sampler())
                || !a.samplerParameters().equals(b.samplerParameters())
                || !a.gridHash().equals(b.gridHash())
                || a.guidanceScale() != b.guidanceScale())
            throw new IllegalArgumentException("'" + image.getTitle() + "' and '" + other.getTitle()
                    + "' were made with different models or settings; invert both with the same model, sampler, steps,"
                    + " strength and guidance.");
    }
}
