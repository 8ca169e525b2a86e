package palindrome.evaluate;

import ij.ImagePlus;
import ij.io.Opener;
import ij.measure.ResultsTable;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import palindrome.model.HeldBackImages;

/**
 * Crops of real images. Of a folder with {@code index.csv} (columns {@code file} and {@code modality}, as the trainer
 * reads it) only those that are held back from training and of one modality; of another folder, all images.
 */
final class ImageFolder {

    private static final int WHITE = 255;
    /** As in training: what brightening may clip. */
    private static final double BRIGHTEST = 0.003;

    private final Path folder;
    private final String modality;

    /** @param modality such as {@code fluorescence} */
    ImageFolder(final Path folder, final String modality) {
        this.folder = folder;
        this.modality = modality;
    }

    /**
     * @param side of the square crops, pixels
     * @param count how many; images are taken in turn, at random places
     * @return crops, brightened as far as that clips no more than training does, since most are stored too dark to see
     * @throws IOException if none can be read
     */
    List<ColorProcessor> crops(final int side, final int count) throws IOException {
        final List<ColorProcessor> images = new ArrayList<>();
        for (final Path file : files()) {
            final ImagePlus image = new Opener().openImage(file.toString());
            if (image != null && image.getWidth() >= side && image.getHeight() >= side)
                images.add(image.getProcessor().convertToColorProcessor());
        }
        if (images.isEmpty())
            throw new IOException("The folder " + folder + " has no images of at least " + side + " pixels (with an"
                    + " index.csv: " + modality + " ones held back from training); name another folder or size.");
        final Random random = new Random(1);
        final List<ColorProcessor> crops = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final ColorProcessor image = images.get(i % images.size());
            image.setRoi(
                    random.nextInt(image.getWidth() - side + 1),
                    random.nextInt(image.getHeight() - side + 1),
                    side,
                    side);
            crops.add(brightened((ColorProcessor) image.crop(), highLevel(image)));
        }
        return crops;
    }

    private List<Path> files() throws IOException {
        final Path index = folder.resolve("index.csv");
        if (!Files.exists(index)) {
            try (Stream<Path> list = Files.list(folder)) {
                return list.filter(ImageFolder::isImage).sorted().toList();
            }
        }
        final ResultsTable table = ResultsTable.open(index.toString());
        final List<Path> files = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            final String name = table.getStringValue("file", row);
            if (HeldBackImages.contains(name)
                    && table.getStringValue("modality", row).equals(modality))
                files.add(folder.resolve("images").resolve(name));
        }
        return files;
    }

    /** NB: ImageJ would open any other file too, text in an editor. */
    private static boolean isImage(final Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).matches(".+\\.(png|tiff?|jpe?g|gif|bmp)");
    }

    private static int highLevel(final ColorProcessor image) {
        image.resetRoi();
        final ImageProcessor grey = image.convertToByteProcessor(false);
        final int[] histogram = grey.getHistogram();
        long above = 0;
        int level = WHITE;
        while (level > 1 && (above += histogram[level]) <= BRIGHTEST * grey.getPixelCount()) level--;
        return level;
    }

    private static ColorProcessor brightened(final ColorProcessor crop, final int highLevel) {
        crop.multiply((double) WHITE / highLevel);
        return crop;
    }
}
