package palindrome.train;

import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.util.List;

/**
 * One annotated microscopy image.
 *
 * @param name file name
 * @param modality {@code fluorescence}, {@code brightfield} or {@code histology}
 * @param nuclei what is annotated in it
 * @param highLevel grey level that all but 0.3 % of the pixels stay under
 * @param pixels the image as RGB
 * @param labels its label map, 0 for background
 */
record NucleiImage(
        String name,
        String modality,
        List<Nucleus> nuclei,
        int highLevel,
        ColorProcessor pixels,
        ImageProcessor labels) {

    private static final double ALL_BUT_THE_BRIGHTEST = 0.997;

    static NucleiImage of(
            final String name, final String modality, final ColorProcessor pixels, final ImageProcessor labels) {
        final ImageProcessor grey = pixels.convertToByteProcessor(false);
        return new NucleiImage(name, modality, Nucleus.measure(labels, grey), highLevelOf(grey), pixels, labels);
    }

    /** @return mean 8-bit level of the image's nuclei; 0 if there is none */
    double nucleusLevel() {
        return nuclei.stream().mapToDouble(Nucleus::level).average().orElse(0);
    }

    /** @return mean area of the image's nuclei in pixels; 0 if there is none */
    double nucleusArea() {
        return nuclei.stream().mapToDouble(Nucleus::area).average().orElse(0);
    }

    private static int highLevelOf(final ImageProcessor grey) {
        final int[] histogram = grey.getHistogram();
        final double enough = ALL_BUT_THE_BRIGHTEST * grey.getPixelCount();
        long below = 0;
        int level = 0;
        while (level < 255 && (below += histogram[level]) < enough) level++;
        return Math.max(1, level);
    }
}
