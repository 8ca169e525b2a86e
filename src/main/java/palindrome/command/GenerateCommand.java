package palindrome.command;

import ij.ImagePlus;
import ij.ImageStack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Control;
import palindrome.edit.Generate;
import palindrome.edit.GuidanceScale;
import palindrome.edit.Inversion;
import palindrome.edit.InversionImage;
import palindrome.edit.OpenedModel;
import palindrome.edit.PartOfSeries;
import palindrome.edit.PictureSize;
import palindrome.edit.Progress;
import palindrome.edit.Reconstruct;
import palindrome.edit.RunRecord;
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.image.LatentImage;
import palindrome.image.LatentSeries;
import palindrome.image.LatentStack;
import palindrome.image.PixelCodec;
import palindrome.image.PixelPlane;
import palindrome.image.PlaneSeries;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SourceImage;

/**
 * <i>Diffusion Generate...</i>: prompt in, one image or a stack of
 * {@code count} images out.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Generate...",
        headless = true,
        description = "Makes new images from a prompt, or from a given noise or latent image.")
public class GenerateCommand extends ModelCommand {

    private static final String TITLE = "generated";

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
                "DDIM",
                "DDPM",
                "DPM-Solver++ 1",
                "DPM-Solver++ 2M",
                "DPM-Solver++ 2S",
                "SDE-DPM-Solver++ 1",
                "SDE-DPM-Solver++ 2M",
                "SDE-DPM-Solver++ 2S",
                "EDM Euler",
                "EDM Heun"
            },
            description = "O-BELM to CycleDiffusion run backwards exactly; the others are for comparison.")
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
            description = "Of BDIA and its kin, the weight of the state before last: a number above 0 and up to 1, or"
                    + " 'auto'. Of BELM its coefficients, one number or one a step. Other samplers ignore it.")
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
                    "How much noise the steps of DDIM, Cycle-SDE and CycleDiffusion draw, from 0 to 1, or 'auto' for 0, 1 and 0.1.")
    private String eta = "auto";

    @Parameter(
            label = "Churn",
            persist = false,
            min = "0",
            max = "1000",
            description = "How much noise EDM Euler and EDM Heun add again over all steps.")
    private double churn = 0;

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
                    "How strongly the model's classifier steers to the words of the prompt that it knows. 0 is off.")
    private double classifier = 0;

    @Parameter(
            label = "Width (px; 0 is auto)",
            persist = false,
            min = "0",
            max = "8192",
            description =
                    "Of the new image, at least 8; 0 is that of the control image, or what the model was trained on.")
    private int width = 0;

    @Parameter(
            label = "Height (px; 0 is auto)",
            persist = false,
            min = "0",
            max = "8192",
            description =
                    "Of the new image, at least 8; 0 is that of the control image, or what the model was trained on.")
    private int height = 0;

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
            description = "Optional: a 32-bit noise stack to start from in place of a seed, or a latent made by"
                    + " Diffusion Invert, whose own sampler and steps are then used.")
    private ImagePlus noise;

    @Parameter(
            label = "Control image",
            persist = false,
            required = false,
            autoFill = false,
            description =
                    "Optional: an image of the size to generate that says where things are, such as a drawing of nuclei.")
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

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    @Override
    protected void execute(final Progress host) throws IOException {
        final GuidanceScale scale = GuidanceScale.parse(guidance);
        final Optional<Control> leading =
                ControlInput.of(control, controlkind, controlnet, controlscale, controlstart, controlend);
        if (noise != null && LatentStack.isLatent(noise)) generated = fromLatents(scale, leading, host);
        else
            generated = withModel(
                    host,
                    opened -> noise == null
                            ? fromSeeds(opened, scale, leading, host)
                            : fromNoise(opened, scale, leading, host));
    }

    private Generate operation(final OpenedModel opened, final GuidanceScale scale, final Optional<Control> leading) {
        return new Generate(
                opened,
                new SamplingSettings(
                        sampler,
                        steps,
                        new SamplerTuning(gamma, mixing, eta, churn, seed),
                        1,
                        scale.of(opened),
                        classifier,
                        leading));
    }

    private ImagePlus fromSeeds(
            final OpenedModel opened, final GuidanceScale scale, final Optional<Control> leading, final Progress host)
            throws IOException {
        final Generate generate = operation(opened, scale, leading);
        final PictureSize size = PictureSize.of(width, height, leading, opened);
        final List<PixelPlane> planes = new ArrayList<>();
        final List<String> labels = new ArrayList<>();
        RunRecord record = null;
        for (int i = 0; i < count; i++) {
            final Generate.Result result = generate.run(
                    size.width(), size.height(), seed + i, prompt, negative, new PartOfSeries(host, i, count));
            planes.add(PixelCodec.rgb().decode(result.image()));
            labels.add("seed " + (seed + i));
            record = result.record();
        }
        return asNew(
                planes,
                labels,
                opened.notices(),
                InversionImage.provenance("generate", record).with("seed", seed).with("count", count));
    }

    private ImagePlus fromNoise(
            final OpenedModel opened, final GuidanceScale scale, final Optional<Control> leading, final Progress host)
            throws IOException {
        requireOne();
        final ImageStack stack = noise.getStack();
        if (noise.getType() != ImagePlus.GRAY32)
            throw new IllegalArgumentException("'" + noise.getTitle()
                    + "' cannot be started from: noise is a 32-bit stack, or a latent made by Diffusion Invert.");
        final int plane = noise.getWidth() * noise.getHeight();
        final float[] values = new float[Math.multiplyExact(plane, stack.getSize())];
        for (int z = 0; z < stack.getSize(); z++) System.arraycopy(stack.getPixels(z + 1), 0, values, z * plane, plane);
        final Generate.Result result = operation(opened, scale, leading)
                .run(values, noise.getHeight(), noise.getWidth(), prompt, negative, host);
        return asNew(
                List.of(PixelCodec.rgb().decode(result.image())),
                List.of(),
                opened.notices(),
                InversionImage.provenance("generate", result.record()).with("noise", noise.getTitle()));
    }

    private ImagePlus fromLatents(final GuidanceScale scale, final Optional<Control> leading, final Progress host)
            throws IOException {
        requireOne();
        final LatentSeries series = LatentSeries.fromImage(noise);
        // What cannot be read is refused before the work, not amidst it.
        final List<Inversion> inversions = new ArrayList<>();
        for (final LatentImage latent : series.latents()) inversions.add(InversionImage.read(latent));
        final PlanesProgress progress = new PlanesProgress(host, inversions.size());
        final List<ImagePlus> planes = new ArrayList<>();
        final Set<String> said = new LinkedHashSet<>();
        for (int i = 0; i < inversions.size(); i++) {
            progress.begin(i);
            progress.checkCanceled();
            final SourceImage source =
                    series.latents().get(i).origin().orElseThrow().image();
            planes.add(fromLatent(inversions.get(i), source, scale, leading, progress));
            said.addAll(inversions.get(i).record().warnings());
        }
        final Provenance record = PlaneRecords.of(planes, series.positions());
        final ImagePlus image = series.join(planes.get(0).getTitle(), planes);
        record.attachTo(image);
        notes = String.join("\n", said);
        return image;
    }

    /**
     * The latent's own sampler, steps and strength lead back to an image like the one it was made of, and its own control
     * image does unless there is another.
     */
    private ImagePlus fromLatent(
            final Inversion inversion,
            final SourceImage source,
            final GuidanceScale scale,
            final Optional<Control> leading,
            final Progress host)
            throws IOException {
        try (OpenedModel opened =
                OpenedModel.open(modelWords(), inversion.record().runtime().configurationOn(device()), host)) {
            final ImagePlus image = source.toImage(
                    ResultTitle.EDITED.of(source.title()),
                    source.codec()
                            .decode(new Reconstruct(opened)
                                    .run(
                                            inversion,
                                            prompt,
                                            negative,
                                            scale.of(opened),
                                            classifier,
                                            leading.or(inversion::control),
                                            host)));
            final Provenance made = InversionImage.provenance("edit", inversion.record());
            leading.map(other -> made.with("targetControl", other.toString()))
                    .orElse(made)
                    .with("targetPrompt", prompt)
                    .with("targetNegativePrompt", negative)
                    .with("targetGuidanceScale", scale.of(opened))
                    .with("targetClassifierScale", classifier)
                    .with("targetRuntime", opened.runtime().toString())
                    .with("source", source.title())
                    .with("sourceSha256", source.sha256())
                    .synthetic(Provenance.Synthetic.EDITED)
                    .attachTo(image);
            return image;
        }
    }

    private void requireOne() {
        if (count != 1)
            throw new IllegalArgumentException("'count' is " + count
                    + ", but one given noise makes one image: use count=1," + " or leave 'noise' empty.");
    }

    private ImagePlus asNew(
            final List<PixelPlane> planes,
            final List<String> labels,
            final List<String> notices,
            final Provenance provenance) {
        final ImagePlus image = PlaneSeries.toImage(ResultTitle.unique(TITLE), planes, labels);
        provenance.synthetic(Provenance.Synthetic.GENERATED).attachTo(image);
        notes = String.join("\n", notices);
        return image;
    }
}
