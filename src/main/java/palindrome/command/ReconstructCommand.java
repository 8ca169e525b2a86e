package palindrome.command;

import ij.ImagePlus;
import ij.measure.ResultsTable;
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
import palindrome.image.LatentSeries;
import palindrome.image.PixelPlane;
import palindrome.image.Provenance;
import palindrome.image.ResultTitle;
import palindrome.image.SourceImage;
import palindrome.image.StackPlanes;

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
        final LatentSeries series = LatentSeries.fromImage(image);
        final int count = series.latents().size();
        // What cannot be read or compared is refused before the work, not amidst or after it.
        final List<Optional<PixelPlane>> references = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            InversionImage.read(series.latents().get(i));
            references.add(reference(series, i));
        }
        final PlanesProgress progress = new PlanesProgress(host, count);
        final List<ImagePlus> planes = new ArrayList<>();
        final Set<String> said = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            progress.begin(i);
            planes.add(reconstruct(series.latents().get(i), references.get(i), said, progress));
        }
        final Provenance record = PlaneRecords.of(planes, series.positions());
        reconstructed = series.join(planes.get(0).getTitle(), planes);
        record.attachTo(reconstructed);
        notes = String.join("\n", said);
    }

    private ImagePlus reconstruct(
            final LatentImage latent,
            final Optional<PixelPlane> reference,
            final Set<String> said,
            final Progress progress)
            throws IOException {
        final Inversion inversion = InversionImage.read(latent);
        final LatentOrigin origin = latent.origin().orElseThrow();
        final SourceImage source = origin.image();
        try (OpenedModel opened = OpenedModel.open(
                inversion.record().model(), inversion.record().runtime().configurationOn(device), progress)) {
            final long start = System.nanoTime();
            final PixelPlane decoded = source.codec().decode(new Reconstruct(opened).run(inversion, progress));
            final PixelPlane restored = origin.residual().applyTo(decoded);
            final double seconds = (System.nanoTime() - start) / 1e9;
            final boolean exact = restored.sha256().equals(source.sha256());
            // The residual belongs to the very numbers that were inverted; on others its bits are noise.
            final PixelPlane plane = exact ? restored : decoded;
            final ImagePlus made = source.toImage(ResultTitle.RECONSTRUCTED.of(source.title()), plane);
            InversionImage.withAutoencoder(InversionImage.provenance("reconstruct", inversion.record()), inversion)
                    .with("exact", exact)
                    .syntheticAs(latent.provenance())
                    .attachTo(made);
            if (!exact) said.add(notExact(inversion, opened.runtime()));
            if (reference.isPresent())
                addRow(
                        made.getTitle(),
                        PixelComparison.of(reference.get().toProcessor(), plane.toProcessor()),
                        PixelComparison.of(reference.get().toProcessor(), decoded.toProcessor()),
                        inversion,
                        seconds);
            return made;
        }
    }

    /**
     * @param title of the reconstructed image
     * @param difference of it
     * @param decoded of what the model alone returns, without the residual of the original
     */
    private void addRow(
            final String title,
            final PixelComparison difference,
            final PixelComparison decoded,
            final Inversion inversion,
            final double seconds) {
        final RunRecord record = inversion.record();
        results = ResultsTable.getResultsTable();
        results.setNaNEmptyCells(true);
        results.incrementCounter();
        results.addLabel(title);
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

    /** The plane to compare with: the one that Diffusion Invert read, or of a latent of one plane, would read. */
    private Optional<PixelPlane> reference(final LatentSeries series, final int index) {
        if (original == null) return Optional.empty();
        final SourceImage source =
                series.latents().get(index).origin().orElseThrow().image();
        final PixelPlane plane = PixelPlane.of(
                series.latents().size() == 1
                        ? original
                        : StackPlanes.plane(original, series.positions().get(index)));
        if (plane.type() != source.codec().type()
                || plane.width() != source.width()
                || plane.height() != source.height())
            throw new IllegalArgumentException("'" + original.getTitle() + "' (" + plane
                    + ") cannot be compared: the latent was made of '" + source.title() + "' ("
                    + source.codec().type() + " " + source.width() + " x " + source.height()
                    + "); give an image of that type and size.");
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
