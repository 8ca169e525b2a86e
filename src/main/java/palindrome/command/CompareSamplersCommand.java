package palindrome.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.RealType;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.Generate;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.SamplingSettings;
import palindrome.evaluate.CompareSamplers;
import palindrome.evaluate.ComparisonFigure;
import palindrome.image.LatentStack;
import palindrome.image.PixelCodec;
import palindrome.image.PixelPlane;
import palindrome.image.SourceImage;

/**
 * <i>Diffusion Compare Samplers...</i>: image or prompt in, rows of the Results table and plots out: round-trip errors,
 * accuracy, and the health of latents.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Compare Samplers...",
        headless = true,
        description =
                "Measures on one image, of a stack on the plane that is shown, how exactly, accurately and fast samplers"
                        + " run, and draws it.")
public class CompareSamplersCommand extends ModelCommand {

    private static final int MIN_STEPS = 2;
    private static final int MAX_STEPS = 1000;
    private static final long SEED = 1;

    @Parameter(
            label = "Image",
            persist = false,
            required = false,
            autoFill = false,
            description = "The image to go to noise and back; of a stack, the current plane."
                    + " Without one, an image is generated from the prompt.")
    private ImagePlus image;

    @Parameter(
            label = "Samplers",
            persist = false,
            description = "Their names, separated by commas, or 'all' for every one that has an inverse.")
    private String samplers = "O-BELM, BDIA, EDICT, DDIM";

    @Parameter(
            label = "Steps",
            persist = false,
            description = "Numbers of steps to compare at, such as 10 20 50; latents are examined at the middle one.")
    private String steps = "10 20 50";

    @Parameter(
            label = "Guidance",
            persist = false,
            min = "0",
            max = "30",
            description = "How strongly the prompt steers. 1 follows the model as it is.")
    private double guidance = 1;

    @Parameter(
            label = "Size (px)",
            persist = false,
            min = "8",
            max = "1024",
            description = "Width and height of the image that is generated where none is given.")
    private int size = 64;

    @Parameter(
            label = "Output folder",
            persist = false,
            required = false,
            style = "directory",
            description = "Folder for the table as CSV and the plots as PNG; empty for none.")
    private String output = "";

    @Parameter(
            label = "Prompt",
            persist = false,
            required = false,
            style = "text area",
            description = "What the image shows, or what to generate.")
    private String prompt = "fluorescence microscopy, many small bright nuclei";

    @Parameter(type = ItemIO.OUTPUT, label = "Results")
    private ResultsTable results;

    @Parameter(type = ItemIO.OUTPUT, label = "Round-trip error")
    private ImagePlus roundtrip;

    @Parameter(type = ItemIO.OUTPUT, label = "Accuracy over evaluations")
    private ImagePlus accuracy;

    @Parameter(type = ItemIO.OUTPUT, label = "Accuracy over seconds")
    private ImagePlus speed;

    @Parameter(type = ItemIO.OUTPUT, label = "Latent health over gamma")
    private ImagePlus overgamma;

    @Parameter(type = ItemIO.OUTPUT, label = "Latent health over guidance")
    private ImagePlus overguidance;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    @Override
    protected void execute(final Progress host) throws IOException {
        final Optional<Path> folder = folder();
        final List<Integer> counts = counts();
        if (image != null) LatentStack.requirePicture(image);
        try (OpenedModel opened = OpenedModel.open(modelWords(), configuration(host), host)) {
            final CompareSamplers comparison =
                    new CompareSamplers(opened, CompareSamplers.samplers(samplers), counts, guidance, prompt);
            final CompareSamplers.Result result = comparison.run(numbers(opened, host), host);
            results = ResultsTable.getResultsTable();
            result.results().addTo(results);
            roundtrip = result.plots().get(ComparisonFigure.ROUND_TRIPS);
            accuracy = result.plots().get(ComparisonFigure.OVER_EVALUATIONS);
            speed = result.plots().get(ComparisonFigure.OVER_SECONDS);
            overgamma = result.plots().get(ComparisonFigure.OVER_GAMMA);
            overguidance = result.plots().get(ComparisonFigure.OVER_GUIDANCE);
            notes = String.join("\n", result.notes());
            if (folder.isPresent()) save(result, folder.get());
        }
    }

    /** The image as numbers; pixels of a generated one, so that they are as exact as those of a given one. */
    private RandomAccessibleInterval<? extends RealType<?>> numbers(final OpenedModel opened, final Progress host)
            throws IOException {
        if (image != null) {
            final PixelPlane plane = PixelPlane.of(image);
            return SourceImage.of(image, plane).codec().encode(plane);
        }
        final PixelCodec codec = PixelCodec.rgb();
        return codec.encode(codec.decode(new Generate(opened, SamplingSettings.DEFAULT)
                .run(size, size, SEED, prompt, "", host)
                .image()));
    }

    private List<Integer> counts() {
        final List<Integer> counts = new ArrayList<>();
        for (final String word : steps.strip().split("[\\s,]+")) {
            if (!word.matches("\\d{1,4}") || Integer.parseInt(word) < MIN_STEPS || Integer.parseInt(word) > MAX_STEPS)
                throw new IllegalArgumentException("'steps' is '" + steps + "', but must be whole numbers from "
                        + MIN_STEPS + " to " + MAX_STEPS + ", such as 10 20 50.");
            counts.add(Integer.parseInt(word));
        }
        return counts;
    }

    /** Made before the work, so that a wrong folder costs nothing. */
    private Optional<Path> folder() throws IOException {
        if (output == null || output.isBlank()) return Optional.empty();
        try {
            return Optional.of(Files.createDirectories(Path.of(output.strip())));
        } catch (final IOException | InvalidPathException exc) {
            throw new IOException(
                    "The folder '" + output + "' given for 'output' cannot be made; name another one.", exc);
        }
    }

    private static void save(final CompareSamplers.Result result, final Path folder) throws IOException {
        final ResultsTable table = new ResultsTable();
        result.results().addTo(table);
        table.saveAs(folder.resolve("compare-samplers.csv").toString());
        for (final Map.Entry<ComparisonFigure, ImagePlus> plot : result.plots().entrySet()) {
            final String name = plot.getKey().name().toLowerCase(Locale.ROOT).replace('_', '-');
            final Path file = folder.resolve("compare-samplers-" + name + ".png");
            if (!ImageIO.write(plot.getValue().getBufferedImage(), "png", file.toFile()))
                throw new IOException("This Java cannot write PNG files such as " + file + ".");
        }
    }
}
