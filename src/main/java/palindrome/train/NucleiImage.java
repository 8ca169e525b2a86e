package palindrome.train;

import ij.process.ColorProcessor;
import ij.process.ImageProcessor;

/**
 * One annotated microscopy image.
 *
 * @param name file name
 * @param modality {@code fluorescence}, {@code brightfield} or {@code histology}
 * @param density nuclei in an area of 256 × 256 pixels
 * @param nucleusArea mean area of a nucleus in pixels; 0 if there is none
 * @param nucleusLevel mean 8-bit grey level inside nuclei; 0 if there is none
 * @param highLevel grey level that all but 0.3 % of the pixels stay under
 * @param pixels the image as RGB
 */
record NucleiImage(
        String name,
        String modality,
        double density,
        double nucleusArea,
        double nucleusLevel,
        int highLevel,
        ColorProcessor pixels) {

    private static final double ALL_BUT_THE_BRIGHTEST = 0.997;

    static int highLevelOf(final ImageProcessor pixels) {
        final int[] histogram = pixels.convertToByteProcessor(false).getHistogram();
        final double enough = ALL_BUT_THE_BRIGHTEST * pixels.getPixelCount();
        long below = 0;
        int level = 0;
        while (level < 255 && (below += histogram[level]) < enough) level++;
        return Math.max(1, level);
    }
}
