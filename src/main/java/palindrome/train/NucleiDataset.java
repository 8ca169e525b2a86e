package palindrome.train;

import ij.ImagePlus;
import ij.io.Opener;
import ij.measure.ResultsTable;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import palindrome.model.HeldBackImages;

/**
 * The annotated nuclei images a model is trained on, split once and for all by
 * the name of each image: one in ten is held back and never trained on.
 *
 * @param training images to train on
 * @param heldBack images to measure on
 */
record NucleiDataset(List<NucleiImage> training, List<NucleiImage> heldBack) {

    /**
     * Reads a folder with {@code index.csv}, {@code images/} and {@code labels/}. The
     * index has a row an image with the columns {@code file} and {@code modality};
     * label maps carry the names of their images, 0 is background.
     *
     * @param folder the folder
     * @return all its images
     * @throws IOException if the index or an image cannot be read
     */
    static NucleiDataset open(final Path folder) throws IOException {
        final Path index = folder.resolve("index.csv");
        if (!Files.isRegularFile(index))
            throw new IOException(
                    "No index.csv in " + folder + "; name the folder that holds the images and their index.");
        final ResultsTable table = ResultsTable.open(index.toString());
        final List<NucleiImage> training = new ArrayList<>();
        final List<NucleiImage> heldBack = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            final String name = table.getStringValue("file", row);
            final NucleiImage image = NucleiImage.of(
                    name,
                    table.getStringValue("modality", row),
                    read(folder.resolve("images").resolve(name)).convertToColorProcessor(),
                    read(folder.resolve("labels").resolve(name)));
            (HeldBackImages.contains(name) ? heldBack : training).add(image);
        }
        return new NucleiDataset(List.copyOf(training), List.copyOf(heldBack));
    }

    private static ImageProcessor read(final Path file) throws IOException {
        final ImagePlus image = new Opener().openImage(file.toString());
        if (image == null) throw new IOException("Cannot read the image " + file + ".");
        return image.getProcessor();
    }
}
