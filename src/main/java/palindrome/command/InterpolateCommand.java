package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.EncodedImage;
import palindrome.edit.Interpolate;
import palindrome.edit.Inversion;
import palindrome.edit.InversionImage;
import palindrome.edit.Invert;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.RunRecord;
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.image.LatentImage;
import palindrome.image.LatentOrigin;
import palindrome.image.LatentStack;
import palindrome.image.PixelPlane;
import palindrome.image.PixelType;
import palindrome.image.Provenance;
import palindrome.image.Residual;
import palindrome.image.ResultTitle;
import palindrome.image.SourceImage;

/**
 * <i>Diffusion Interpolate...</i>: two images or latents in, a stack of images from the one to the other out.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Interpolate...",
        headless = true,
        description =
                "Makes the images between two images, through the noise that they are inverted to, and between what"
                        + " their prompts say.")
public class InterpolateCommand extends ModelCommand {

    private static final String TITLE = "interpolated";

    @Parameter(
            label = "Image",
            persist = false,
            description = "The first image, or a latent stack made of it by Diffusion Invert.")
    private ImagePlus image;

    @Parameter(
            label = "Second image",
            persist = false,
            required = false,
            autoFill = false,
            description = "Another image of the same size, or its latent. A latent's own model and settings hold"
                    + " for both.")
    private ImagePlus other;

    @Parameter(
            label = "Count",
            persist = false,
            min = "2",
            max = "1000",
            description = "How many images, with the two at the ends.")
    private int count = 5;

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
                "CycleDiffusion"
            },
            description = "Of images: how they are inverted, exactly. Latents were made with one of their own.")
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
                    "Of BDIA and its kin, the weight of the state before last: a number above 0 and up to 1, or"
                            + " 'auto', which looks for another where the latent is not healthy. Of BELM its coefficients, one number or one a step. Other samplers ignore it.")
    private String gamma = "auto";

    @Parameter(
            label = "Mixing",
            persist = false,
            description = "Of EDICT, how much each copy keeps of itself: a number above 0 and below 1, or 'auto'.")
    private String mixing = "auto";

    @Parameter(
            label = "Eta",
            persist = false,
            description =
                    "How much noise the steps of Cycle-SDE and CycleDiffusion draw, above 0 and up to 1, or 'auto' for 1 and 0.1.")
    private String eta = "auto";

    @Parameter(
            label = "Strength",
            persist = false,
            min = "0",
            max = "1",
            description =
                    "Of images: how far towards noise they are taken; 1, all the way, makes the smoothest way from one to the other.")
    private double strength = 1;

    @Parameter(
            label = "Guidance",
            persist = false,
            min = "0",
            max = "30",
            description = "How strongly the prompts steer; 1 is best.")
    private double guidance = 1;

    @Parameter(
            label = "First prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the first image shows; may be empty. A latent has its own.")
    private String source = "";

    @Parameter(
            label = "Second prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the second image shows; the images between are told what lies between both prompts."
                    + " May be empty. A latent has its own.")
    private String target = "";

    @Parameter(type = ItemIO.OUTPUT, label = "Interpolated images")
    private ImagePlus interpolated;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    /** An inverted image, and what it takes to make it again. */
    private record End(Inversion inversion, LatentOrigin origin) {

        static End of(final LatentImage latent) throws IOException {
            return new End(InversionImage.read(latent), latent.origin().orElseThrow());
        }

        PixelType type() {
            return origin.image().codec().type();
        }
    }

    @Override
    protected void execute(final Progress host) throws IOException {
        if (other == null)
            throw new IllegalArgumentException(
                    "There is no second image: 'other' needs the title of an open image or latent.");
        final Optional<End> first = latent(image);
        final Optional<End> second = latent(other);
        final Optional<End> latent = first.or(() -> second);
        requireOneSize(first, second);
        if (latent.isEmpty()) {
            interpolated = withModel(host, opened -> between(opened, settings(), host));
            return;
        }
        final RunRecord record = latent.get().inversion().record();
        try (OpenedModel opened =
                OpenedModel.open(record.model(), record.runtime().configurationOn(device()), host)) {
            interpolated = between(opened, record.settings(), host);
        }
    }

    private SamplingSettings settings() {
        return new SamplingSettings(sampler, steps, new SamplerTuning(gamma, mixing, eta, 0, 0), strength, guidance, 0);
    }

    private static Optional<End> latent(final ImagePlus image) throws IOException {
        return LatentStack.isLatent(image) ? Optional.of(End.of(LatentStack.fromImage(image))) : Optional.empty();
    }

    private ImagePlus between(final OpenedModel opened, final SamplingSettings settings, final Progress host)
            throws IOException {
        final End first = end(image, opened, settings, source, host);
        final End second = end(other, opened, first.inversion().record().settings(), target, host);
        requireAlike(first.inversion(), second.inversion());
        final List<RandomAccessibleInterval<DoubleType>> numbers =
                new Interpolate(opened).run(first.inversion(), second.inversion(), count, host);
        final List<PixelPlane> planes = new ArrayList<>();
        final List<String> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            labels.add(String.format(Locale.ROOT, "%.3f", i / (count - 1.0)));
            if (i == 0) planes.add(restored(first, numbers.get(i)));
            else if (i == count - 1 && second.type() == first.type()) planes.add(restored(second, numbers.get(i)));
            else planes.add(first.origin().image().codec().decode(numbers.get(i)));
        }
        final ImagePlus series = first.origin().image().toImage(ResultTitle.unique(TITLE), planes, labels);
        InversionImage.provenance("interpolate", first.inversion().record())
                .with("secondPrompt", second.inversion().record().prompt())
                .with("first", image.getTitle())
                .with("second", other.getTitle())
                .with("count", count)
                .synthetic(Provenance.Synthetic.GENERATED)
                .attachTo(series);
        notes = String.join("\n", first.inversion().warnings());
        return series;
    }

    private static End end(
            final ImagePlus image,
            final OpenedModel opened,
            final SamplingSettings settings,
            final String prompt,
            final Progress host)
            throws IOException {
        final Optional<End> latent = latent(image);
        if (latent.isPresent()) return latent.get();
        final PixelPlane plane = PixelPlane.of(image);
        final SourceImage original = SourceImage.of(image, plane);
        final Invert invert = new Invert(opened, settings);
        final EncodedImage encoded = invert.encode(original.codec().encode(plane), host);
        final Inversion inversion = invert.run(encoded, prompt, "", host);
        return new End(
                inversion,
                new LatentOrigin(
                        original,
                        inversion.padding(),
                        Residual.between(plane, original.codec().decode(encoded.decoded()))));
    }

    /** The image at an end, to the last bit; if the machine rounds otherwise than where it was inverted, nearly so. */
    private static PixelPlane restored(final End end, final RandomAccessibleInterval<DoubleType> numbers) {
        final PixelPlane decoded = end.origin().image().codec().decode(numbers);
        final PixelPlane restored = end.origin().residual().applyTo(decoded);
        return restored.sha256().equals(end.origin().image().sha256()) ? restored : decoded;
    }

    /** Refused before the work: images of which nothing lies between. */
    private void requireOneSize(final Optional<End> first, final Optional<End> second) {
        final String one = size(image, first);
        final String another = size(other, second);
        if (!one.equals(another))
            throw new IllegalArgumentException("'" + image.getTitle() + "' (" + one + ") and '" + other.getTitle()
                    + "' (" + another + ") do not go together; give images of the same size.");
    }

    private static String size(final ImagePlus image, final Optional<End> latent) {
        if (latent.isEmpty()) return image.getWidth() + " x " + image.getHeight();
        final SourceImage source = latent.get().origin().image();
        return source.width() + " x " + source.height();
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
