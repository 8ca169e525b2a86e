package palindrome.command;

import ij.ImagePlus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.image.InterpolatedPlanes;
import palindrome.image.LatentSeries;
import palindrome.image.LatentStack;
import palindrome.image.PixelPlane;
import palindrome.image.PlaneChoice;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SourceImage;
import palindrome.image.StackPosition;

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
public class InterpolateCommand extends StackCommand {

    private static final String TITLE = "interpolated";

    @Parameter(
            label = "Second image",
            persist = false,
            required = false,
            autoFill = false,
            description = "Another image of the same size, and of several planes of the same dimensions, or its latent."
                    + " Both images may be latents made by Diffusion Invert, whose own model and settings hold.")
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

    private final Set<String> said = new LinkedHashSet<>();

    @Override
    protected void execute(final Progress host) throws IOException {
        if (other == null)
            throw new IllegalArgumentException(
                    "There is no second image: 'other' needs the title of an open image or latent.");
        final Optional<LatentSeries> firstLatents = latents(image());
        final Optional<LatentSeries> secondLatents = latents(other);
        if ((firstLatents.isPresent() || secondLatents.isPresent()) && !choosesCurrentPlane())
            throw new IllegalArgumentException(
                    "Latents have planes of their own, all of which are taken: leave 'planes'"
                            + " and 'channels' at current.");
        final InterpolationEnd first = firstLatents.isPresent()
                ? InterpolationEnd.of(firstLatents.get())
                : InterpolationEnd.of(image(), choiceIn(image(), secondLatents), source);
        final InterpolationEnd second = secondLatents.isPresent()
                ? InterpolationEnd.of(secondLatents.get())
                : InterpolationEnd.of(other, choiceIn(other, firstLatents), target);
        requireOneSize(first, second);
        final InterpolatedPlanes layout = new InterpolatedPlanes(first.layout(), second.layout(), count);
        final List<StackPosition> positions = first.layout().choice().positions();
        final PlanesProgress progress = new PlanesProgress(host, positions.size());
        final List<List<ImagePlus>> ways = new ArrayList<>();
        for (int i = 0; i < positions.size(); i++) {
            progress.begin(i);
            progress.checkCanceled();
            ways.add(way(first, second, i, progress));
        }
        interpolated = layout.joinWays(ResultTitle.unique(TITLE), ways);
        PlaneRecords.of(ways.stream().map(way -> way.get(0)).toList(), positions)
                .attachTo(interpolated);
        notes = String.join("\n", said);
    }

    private static Optional<LatentSeries> latents(final ImagePlus image) throws IOException {
        return LatentStack.isLatent(image) ? Optional.of(LatentSeries.fromImage(image)) : Optional.empty();
    }

    /** The planes of an image: those that several latents beside it are of, or those asked for, or the one it shows. */
    private PlaneChoice choiceIn(final ImagePlus shown, final Optional<LatentSeries> beside) {
        if (beside.isPresent() && beside.get().choice().size() > 1)
            return beside.get().choice();
        if (choosesCurrentPlane()) return PlaneChoice.of(shown, PlaneChoice.CURRENT, PlaneChoice.CURRENT);
        requireOneShape();
        return choice();
    }

    private void requireOneShape() {
        if (!shape(image()).equals(shape(other)))
            throw new IllegalArgumentException("'" + image().getTitle() + "' (" + shape(image()) + ") and '"
                    + other.getTitle() + "' (" + shape(other)
                    + ") do not go together plane by plane; give images of the same dimensions, or leave 'planes' and"
                    + " 'channels' at current.");
    }

    private static String shape(final ImagePlus image) {
        return "channels: " + image.getNChannels() + ", slices: " + image.getNSlices() + ", frames: "
                + image.getNFrames();
    }

    /** From one end to the other in one plane: an image a place. */
    private List<ImagePlus> way(
            final InterpolationEnd first, final InterpolationEnd second, final int plane, final Progress host)
            throws IOException {
        final Optional<InvertedPlane> latent = first.latent(plane).or(() -> second.latent(plane));
        if (latent.isEmpty())
            return withModel(host, opened -> between(first, second, plane, opened, settings(plane), host));
        final RunRecord record = latent.get().inversion().record();
        try (OpenedModel opened =
                OpenedModel.open(record.model(), record.runtime().configurationOn(device()), host)) {
            return between(first, second, plane, opened, record.settings(), host);
        }
    }

    private SamplingSettings settings(final int plane) {
        return new SamplingSettings(
                sampler, steps, new SamplerTuning(gamma, mixing, eta, 0, noiseNumber(plane)), strength, guidance, 0);
    }

    private List<ImagePlus> between(
            final InterpolationEnd firstEnd,
            final InterpolationEnd secondEnd,
            final int plane,
            final OpenedModel opened,
            final SamplingSettings settings,
            final Progress host)
            throws IOException {
        final InvertedPlane first = firstEnd.inverted(plane, opened, settings, host);
        final InvertedPlane second =
                secondEnd.inverted(plane, opened, first.inversion().record().settings(), host);
        requireAlike(first.inversion(), second.inversion());
        final List<RandomAccessibleInterval<DoubleType>> numbers =
                new Interpolate(opened).run(first.inversion(), second.inversion(), count, host);
        final List<ImagePlus> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final PixelPlane pixels;
            if (i == 0) pixels = first.restored(numbers.get(i));
            else if (i == count - 1 && second.type() == first.type()) pixels = second.restored(numbers.get(i));
            else pixels = first.decoded(numbers.get(i));
            final SourceImage like = first.origin().image();
            images.add(like.toImage(like.title(), List.of(pixels), List.of(label(i, like))));
        }
        InversionImage.provenance("interpolate", first.inversion().record())
                .with("secondPrompt", second.inversion().record().prompt())
                .with("first", image().getTitle())
                .with("second", other.getTitle())
                .with("count", count)
                .synthetic(Provenance.Synthetic.GENERATED)
                .attachTo(images.get(0));
        said.addAll(first.inversion().warnings());
        return images;
    }

    /** Where on the way, and what the plane is called. */
    private String label(final int place, final SourceImage plane) {
        final String number = String.format(Locale.ROOT, "%.3f", place / (count - 1.0));
        return plane.label() == null ? number : number + ", " + plane.label();
    }

    /** Refused before the work: images of which nothing lies between. */
    private void requireOneSize(final InterpolationEnd first, final InterpolationEnd second) {
        if (!first.size().equals(second.size()))
            throw new IllegalArgumentException("'" + image().getTitle() + "' (" + first.size() + ") and '"
                    + other.getTitle() + "' (" + second.size() + ") do not go together; give images of the same size.");
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
            throw new IllegalArgumentException("'" + image().getTitle() + "' and '" + other.getTitle()
                    + "' were made with different models or settings; invert both with the same model, sampler, steps,"
                    + " strength and guidance.");
    }
}
