package palindrome.command;

import ij.ImagePlus;
import ij.gui.Roi;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.DoubleType;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.InversionImage;
import palindrome.edit.Progress;
import palindrome.edit.PromptMask;
import palindrome.edit.RunRecord;
import palindrome.image.HeatMap;
import palindrome.image.PixelPlane;
import palindrome.image.PlaneChoice;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SourceImage;
import palindrome.image.StackPlanes;

/**
 * <i>Diffusion Mask...</i>: image and two prompts in, {@code <image>-heatmap} and {@code <image>-mask} out, and the mask as a
 * selection of the image.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Mask...",
        headless = true,
        description = "Shows where the target prompt would change the image, as a heat map, a mask, and a selection to"
                + " edit or repaint.")
public class MaskCommand extends StackCommand {

    @Parameter(
            label = "Maps",
            persist = false,
            min = "1",
            max = "1000",
            description = "How many noises the prompts are compared in: more is slower and smoother. 10 is usual.")
    private int maps = 10;

    @Parameter(
            label = "Strength",
            persist = false,
            min = "0",
            max = "1",
            description = "How much noise the prompts are compared in, above 0: 1 is nothing else.")
    private double strength = 0.5;

    @Parameter(
            label = "Threshold",
            persist = false,
            min = "0",
            max = "1",
            description =
                    "The mask is where the heat map is above it; 1 of the heat map is three times the mean difference.")
    private double threshold = 0.5;

    @Parameter(
            label = "Select the mask",
            persist = false,
            description = "Makes the mask the selection of the image, in place of what is selected.")
    private boolean select = true;

    @Parameter(label = "Seed", persist = false, min = "0", description = "Of the noise.")
    private long seed = 1;

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

    @Parameter(type = ItemIO.OUTPUT, label = "Heat map")
    private ImagePlus heatmap;

    @Parameter(type = ItemIO.OUTPUT, label = "Mask")
    private ImagePlus mask;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    @Override
    protected void execute(final Progress host) throws IOException {
        final ImagePlus image = image();
        final PlaneChoice choice = choice();
        final StackPlanes stack = new StackPlanes(image, choice);
        final List<ImagePlus> planes = planes(stack, choice);
        final PlanesProgress progress = new PlanesProgress(host, planes.size());
        final List<ImagePlus> heats = new ArrayList<>();
        final List<ImagePlus> masks = new ArrayList<>();
        final Set<String> said = new LinkedHashSet<>();
        for (int i = 0; i < planes.size(); i++) {
            progress.begin(i);
            final PixelPlane plane = PixelPlane.of(planes.get(i));
            final SourceImage original = SourceImage.of(planes.get(i), plane);
            final PromptMask.Result result = result(original.codec().encode(plane), noiseNumber(i), progress);
            final HeatMap heat = new HeatMap(result.heat(), original);
            heats.add(heat.toImage());
            masks.add(heat.toMask(threshold));
            said.addAll(result.record().warnings());
            provenance(result.record(), original).attachTo(masks.get(i));
        }
        final Provenance provenance = PlaneRecords.of(masks, choice.positions());
        final Optional<Roi> found = HeatMap.selection(masks.get(0));
        heatmap = stack.join(ResultTitle.HEAT_MAP.of(image.getTitle()), heats);
        mask = stack.join(ResultTitle.MASK.of(image.getTitle()), masks);
        provenance.attachTo(heatmap);
        provenance.attachTo(mask);
        // A selection is of one plane, and so is what becomes one.
        if (choice.size() == 1) {
            if (select) image.setRoi(found.orElse(null));
            if (found.isEmpty())
                said.add("The prompts make no difference above the threshold of " + threshold
                        + " anywhere in the image, so nothing is selected. Use other prompts or a lower threshold.");
        }
        notes = String.join("\n", said);
    }

    private PromptMask.Result result(final Img<DoubleType> numbers, final int number, final Progress progress)
            throws IOException {
        return withModel(progress, opened -> new PromptMask(opened, strength, maps, seed + number)
                .run(numbers, source, target, progress));
    }

    private Provenance provenance(final RunRecord record, final SourceImage original) {
        return InversionImage.provenance("mask", record)
                .with("targetPrompt", target)
                .with("maps", maps)
                .with("threshold", threshold)
                .with("source", original.title())
                .with("sourceSha256", original.sha256());
    }
}
