package palindrome.evaluate;

import ij.ImagePlus;
import ij.measure.Measurements;
import ij.measure.ResultsTable;
import ij.plugin.filter.EDM;
import ij.plugin.filter.ParticleAnalyzer;
import ij.process.AutoThresholder;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.util.ArrayList;
import java.util.List;

/**
 * Bright nuclei on a dark background, as ImageJ itself counts them: smoothed, thresholded, touching ones parted by a
 * watershed, and counted by the particle analyzer.
 *
 * @param counts nuclei of each image
 * @param areas of all nuclei of all images, pixels
 */
public record Nuclei(double[] counts, double[] areas) {

    /** Smaller ones are specks. */
    private static final int MIN_AREA = 12;

    private static final double SMOOTHING = 1;
    private static final int LEVELS = 256;
    private static final int FOREGROUND = 255;

    /** @return Otsu's threshold of the grey levels of all images together: the same for all that are compared */
    public static int threshold(final List<ColorProcessor> images) {
        final int[] histogram = new int[LEVELS];
        for (final ColorProcessor image : images) {
            final int[] levels = grey(image).getHistogram();
            for (int level = 0; level < LEVELS; level++) histogram[level] += levels[level];
        }
        return new AutoThresholder().getThreshold(AutoThresholder.Method.Otsu, histogram);
    }

    /** @param threshold grey level that nuclei are above, from 0 to 254 */
    public static Nuclei count(final List<ColorProcessor> images, final int threshold) {
        final double[] counts = new double[images.size()];
        final List<Double> areas = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            final ResultsTable found = new ResultsTable();
            final ByteProcessor mask = grey(images.get(i));
            mask.threshold(threshold);
            new EDM().toWatershed(mask);
            mask.setThreshold(FOREGROUND, FOREGROUND, ImageProcessor.NO_LUT_UPDATE);
            new ParticleAnalyzer(0, Measurements.AREA, found, MIN_AREA, Double.POSITIVE_INFINITY)
                    .analyze(new ImagePlus("nuclei", mask), mask);
            counts[i] = found.size();
            for (int row = 0; row < found.size(); row++) areas.add(found.getValue("Area", row));
        }
        return new Nuclei(
                counts, areas.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static ByteProcessor grey(final ColorProcessor image) {
        final ByteProcessor grey = image.convertToByteProcessor(false);
        grey.blurGaussian(SMOOTHING);
        return grey;
    }
}
