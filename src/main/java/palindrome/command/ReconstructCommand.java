package palindrome.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.scijava.ItemIO;
import org.scijava.command.Command;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import palindrome.edit.ComputeRuntime;
import palindrome.edit.Inversion;
import palindrome.edit.InversionImage;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.Reconstruct;
import palindrome.edit.RunRecord;
import palindrome.evaluate.PixelComparison;
import palindrome.image.LatentImage;
import palindrome.image.LatentOrigin;
import palindrome.image.LatentStack;
import palindrome.image.PixelPlane;
import palindrome.image.ResultTitle;
import palindrome.image.SourceImage;

/**
 * <i>Diffusion Reconstruct...</i>: latent stack in, image of the original type,
 * size and calibration out. With the original given, a row of round-trip errors
 * is added to the Results table.
 */
@Plugin(
        type = Command.class,
        label = "Diffusion Reconstruct...",
        headless = true,
        description = "Turns a latent made by Diffusion Invert back into its image, bit for bit unless it was made with"
                + " Null-text.")
public class ReconstructCommand extends DiffusionCommand {

    @Parameter(label = "Image", persist = false, description = "A latent stack made by Diffusion Invert.")
    private ImagePlus image;

    @Parameter(
            label = "Compare with",
            persist = false,
            required = false,
            autoFill = false,
            description = "Optional: the image that was inverted. Adds the differences to the Results table.")
    private ImagePlus original;

    @Parameter(
            label = "Device",
            persist = false,
            description =
                    "Where the network runs: auto, cpu, gpu, gpu:1 (the second one) or mps (of an Apple computer).")
    private String device = "auto";

    @Parameter(type = ItemIO.OUTPUT, label = "Reconstructed image")
    private ImagePlus reconstructed;

    @Parameter(type = ItemIO.OUTPUT, label = "Results")
    private ResultsTable results;

    @Parameter(type = ItemIO.OUTPUT, label = "Notes")
    private String notes;

    @Override
    protected void execute(final Progress host) throws IOException {
        final LatentImage latent = LatentStack.fromImage(image);
        final Inversion inversion = InversionImage.read(latent);
        final LatentOrigin origin = latent.origin().orElseThrow();
        final SourceImage source = origin.image();
        // What cannot be compared is refused before the work, not after it.
        final Optional<PixelPlane> reference = reference(source);
        try (OpenedModel opened = OpenedModel.open(
                inversion.record().model(), inversion.record().runtime().configurationOn(device), host)) {
            final long start = System.nanoTime();
            final PixelPlane decoded = source.codec().decode(new Reconstruct(opened).run(inversion, host));
            final PixelPlane restored = origin.residual().applyTo(decoded);
            final double seconds = (System.nanoTime() - start) / 1e9;
            final boolean exact = restored.sha256().equals(source.sha256());
            // The residual belongs to the very numbers that were inverted; on others its bits are noise.
            final PixelPlane plane = exact ? restored : decoded;
            reconstructed = source.toImage(ResultTitle.RECONSTRUCTED.of(source.title()), plane);
            InversionImage.withAutoencoder(InversionImage.provenance("reconstruct", inversion.record()), inversion)
                    .with("exact", exact)
                    .syntheticAs(latent.provenance())
                    .attachTo(reconstructed);
            notes = exact ? "" : notExact(inversion, opened.runtime());
            if (reference.isPresent())
                addRow(
                        PixelComparison.of(reference.get().toProcessor(), plane.toProcessor()),
                        PixelComparison.of(reference.get().toProcessor(), decoded.toProcessor()),
                        inversion,
                        seconds);
        }
    }

    /**
     * @param difference of the reconstructed image
     * @param decoded of what the model alone returns, without the residual of the original
     */
    private void addRow(
            final PixelComparison difference,
            final PixelComparison decoded,
            final Inversion inversion,
            final double seconds) {
        final RunRecord record = inversion.record();
        results = ResultsTable.getResultsTable();
        results.setNaNEmptyCells(true);
        results.incrementCounter();
        results.addLabel(reconstructed.getTitle());
        results.addValue("Sampler", record.sampler());
        results.addValue("Steps", record.steps());
        results.addValue("Guidance", record.guidanceScale());
        results.addValue("Max difference", difference.maxDifference());
        results.addValue("MSE", difference.meanSquaredError());
        results.addValue("PSNR (dB)", difference.psnr());
        // Where the autoencoder's is as low, no sampler is to blame.
        inversion.autoencoderError().ifPresent(error -> {
            results.addValue("Decoded PSNR (dB)", decoded.psnr());
            results.addValue("Autoencoder PSNR (dB)", error.psnr());
        });
        results.addValue("Different pixels", difference.differentPixels());
        results.addValue("Seconds", seconds);
    }

    /** The plane to compare with: the one that Diffusion Invert would read. */
    private Optional<PixelPlane> reference(final SourceImage source) {
        if (original == null) return Optional.empty();
        final PixelPlane plane = PixelPlane.of(original);
        if (plane.type() != source.codec().type()
                || plane.width() != source.width()
                || plane.height() != source.height())
            throw new IllegalArgumentException("'" + original.getTitle() + "' (" + plane
                    + ") cannot be compared: the latent was made of '" + source.title() + "' ("
                    + source.codec().type() + " " + source.width() + " x " + source.height() + ").");
        return Optional.of(plane);
    }

    private static String notExact(final Inversion inversion, final ComputeRuntime here) {
        if (!inversion.isExact()) return String.join("\n", inversion.record().warnings());
        final List<String> differences = inversion.record().runtime().differencesTo(here);
        return "The reconstruction is not bit-identical to the image that was inverted. "
                + (differences.isEmpty()
                        ? "The network did not give the same bits twice on this machine; please report it."
                        : "The latent was made elsewhere, which rounds differently: " + String.join("; ", differences)
                                + ". Reconstruct it where it was made.");
    }
}
