package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.measure.Measurements;
import ij.plugin.filter.ThresholdToSelection;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.ImageStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import palindrome.evaluate.Nuclei;

/** <i>Diffusion Edit...</i> does with the bundled model what its prompts say, on fixed seeds, as ImageJ measures it. */
class BundledModelEditsTest {

    private static final int IMAGES = 4;
    private static final int SIDE = 128;
    private static final int STEPS = 12;
    private static final double GUIDANCE = 3;
    private static final double STRENGTH = 0.8;
    private static final int FOREGROUND = 255;

    private static final String FEW = "fluorescence microscopy, few medium bright nuclei";
    private static final String MANY = "fluorescence microscopy, many medium bright nuclei";

    private static List<ColorProcessor> generated(final String prompt) {
        final ImagePlus series = CommandHarness.generate()
                .with("prompt", prompt)
                .with("sampler", "DDIM")
                .with("steps", STEPS)
                .with("guidance", GUIDANCE)
                .with("width", SIDE)
                .with("height", SIDE)
                .with("seed", 1L)
                .with("count", IMAGES)
                .image();
        return IntStream.rangeClosed(1, IMAGES)
                .mapToObj(n -> (ColorProcessor) series.getStack().getProcessor(n))
                .toList();
    }

    private static List<ColorProcessor> edited(
            final List<ColorProcessor> images, final String source, final String target) {
        final List<ColorProcessor> edited = new ArrayList<>();
        for (final ColorProcessor image : images)
            edited.add((ColorProcessor) CommandHarness.edit(new ImagePlus("nuclei", image.duplicate()))
                    .with("steps", STEPS)
                    .with("strength", STRENGTH)
                    .with("guidance", GUIDANCE)
                    .with("source", source)
                    .with("target", target)
                    .image()
                    .getProcessor());
        return edited;
    }

    private static double mean(final double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Mean count of each list of images, above one level for all. */
    @SafeVarargs
    private static double[] counts(final List<ColorProcessor>... lists) {
        final int threshold =
                Nuclei.threshold(Stream.of(lists).flatMap(List::stream).toList());
        return Stream.of(lists)
                .mapToDouble(images -> mean(Nuclei.count(images, threshold).counts()))
                .toArray();
    }

    @Test
    void fewBecomesMany() {
        final List<ColorProcessor> before = generated(FEW);
        final double[] counts = counts(before, edited(before, FEW, MANY));
        assertTrue(counts[1] >= 2 * counts[0] && counts[1] >= counts[0] + 3, "few, many: " + Arrays.toString(counts));
    }

    /** The model attends to all words alike, but a weight of {@code many} still makes more or less of the image nuclei. */
    @Test
    void theWeightOfManyMakesMoreOrLess() {
        final List<ColorProcessor> before = generated(FEW);
        final double[] levels = Stream.of("-10", "1", "20")
                .map(weight -> edited(before, FEW, MANY.replace("many", "many:" + weight)))
                .mapToDouble(images -> images.stream()
                        .mapToDouble(image -> image.getStats().mean)
                        .average()
                        .orElseThrow())
                .toArray();
        assertTrue(
                levels[0] < 0.9 * levels[1] && levels[1] < 0.9 * levels[2],
                "mean levels at weights -10, 1, 20: " + Arrays.toString(levels));
    }

    /** Mean level at the places where the source has its nuclei. */
    @Test
    void dimBecomesBright() {
        final String dim = "fluorescence microscopy, many medium dim nuclei";
        final List<ColorProcessor> before = generated(dim);
        final List<ColorProcessor> after = edited(before, dim, MANY);
        final double[] ratios = IntStream.range(0, IMAGES)
                .mapToDouble(i -> level(after.get(i), before.get(i)) / level(before.get(i), before.get(i)))
                .toArray();
        assertTrue(mean(ratios) > 1.12, Arrays.toString(ratios));
        assertTrue(Arrays.stream(ratios).allMatch(ratio -> ratio > 1), Arrays.toString(ratios));
    }

    private static double level(final ColorProcessor image, final ColorProcessor source) {
        final ByteProcessor nuclei = grey(source);
        nuclei.threshold(Nuclei.threshold(List.of(source)));
        nuclei.setThreshold(FOREGROUND, FOREGROUND, ImageProcessor.NO_LUT_UPDATE);
        final ByteProcessor levels = grey(image);
        levels.setRoi(new ThresholdToSelection().convert(nuclei));
        return ImageStatistics.getStatistics(levels, Measurements.MEAN, null).mean;
    }

    private static ByteProcessor grey(final ColorProcessor image) {
        final ByteProcessor grey = image.convertToByteProcessor(false);
        grey.blurGaussian(1);
        return grey;
    }

    /** Nuclei stand out from the background where they stood, and nothing does where another image has its nuclei. */
    @Test
    void fluorescenceBecomesHistologyInPlace() {
        final List<ColorProcessor> before = generated(MANY);
        final List<ColorProcessor> after = edited(before, MANY, "histology microscopy, many medium bright nuclei");
        for (int i = 0; i < IMAGES; i++) {
            final double colour = colourfulness(before.get(i));
            final double histology = colourfulness(after.get(i));
            assertTrue(colour < 6 && histology > 30, "colourfulness " + colour + ", then " + histology);
            final double[] contrast = contrast(after.get(i));
            final double own = correlation(levels(before.get(i)), contrast);
            final double other = correlation(levels(before.get((i + 1) % IMAGES)), contrast);
            assertTrue(own > 0.4 && Math.abs(other) < 0.15, "image " + i + ": own " + own + ", other " + other);
        }
    }

    /** Mean over the pixels of the largest difference of two channels. */
    private static double colourfulness(final ColorProcessor image) {
        double sum = 0;
        for (int i = 0; i < image.getPixelCount(); i++) {
            final int rgb = image.get(i);
            final int red = rgb >> 16 & 0xff;
            final int green = rgb >> 8 & 0xff;
            final int blue = rgb & 0xff;
            sum += Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue));
        }
        return sum / image.getPixelCount();
    }

    private static double[] levels(final ColorProcessor image) {
        final ByteProcessor grey = grey(image);
        return IntStream.range(0, grey.getPixelCount()).mapToDouble(grey::get).toArray();
    }

    /** How far the colour of each place is from the median one. */
    private static double[] contrast(final ColorProcessor image) {
        final double[] squares = new double[image.getPixelCount()];
        for (int channel = 1; channel <= 3; channel++) {
            final ByteProcessor levels = image.getChannel(channel, null);
            levels.blurGaussian(1);
            final double median = ImageStatistics.getStatistics(levels, Measurements.MEDIAN, null).median;
            for (int i = 0; i < squares.length; i++) squares[i] += Math.pow(levels.get(i) - median, 2);
        }
        return Arrays.stream(squares).map(Math::sqrt).toArray();
    }

    /** Pearson's. */
    private static double correlation(final double[] a, final double[] b) {
        final double meanA = mean(a);
        final double meanB = mean(b);
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }
}
