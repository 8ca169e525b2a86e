package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import palindrome.edit.Generate;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.SamplingSettings;
import palindrome.image.PixelCodec;

/** The bundled model does what its prompts say, on fixed seeds, as ImageJ itself measures it. */
class BundledModelSamplesTest {

    private static final int SAMPLES = 32;
    private static final int SIDE = 128;
    private static final int STEPS = 20;
    private static final double GUIDANCE = 3;

    private static List<ColorProcessor> few;
    private static List<ColorProcessor> many;
    private static List<ColorProcessor> histology;

    @BeforeAll
    static void generate() throws IOException {
        try (OpenedModel model = OpenedModel.open("bundled", "cpu", Progress.NONE)) {
            few = samples(model, "fluorescence microscopy, few medium bright nuclei");
            many = samples(model, "fluorescence microscopy, many medium bright nuclei");
            histology = samples(model, "histology microscopy, some medium dim nuclei");
        }
    }

    private static List<ColorProcessor> samples(final OpenedModel model, final String prompt) throws IOException {
        final Generate generate = new Generate(model, new SamplingSettings("DDIM", STEPS, "auto", 1, GUIDANCE));
        final List<ColorProcessor> samples = new ArrayList<>();
        for (int seed = 1; seed <= SAMPLES; seed++)
            samples.add((ColorProcessor) PixelCodec.rgb()
                    .decode(generate.run(SIDE, SIDE, seed, prompt, "", Progress.NONE)
                            .image())
                    .toProcessor());
        return samples;
    }

    /** One threshold for both; a dimmer answer to a prompt must not pass for an emptier one. */
    @Test
    void manyHasAtLeastTwiceTheNucleiOfFew() {
        final int threshold =
                Nuclei.threshold(Stream.concat(few.stream(), many.stream()).toList());
        final double fewer = mean(Nuclei.count(few, threshold));
        final double more = mean(Nuclei.count(many, threshold));
        assertTrue(more >= 2 * fewer && more >= 2, "few " + fewer + ", many " + more + " at level " + threshold);
    }

    private static double mean(final Nuclei nuclei) {
        return Arrays.stream(nuclei.counts()).average().orElseThrow();
    }

    @Test
    void fluorescenceIsGreyOnADarkBackground() {
        for (final List<ColorProcessor> samples : List.of(few, many)) {
            assertTrue(meanColourfulness(samples) < 6, "colourfulness " + meanColourfulness(samples));
            assertTrue(meanBackground(samples) < 50, "background " + meanBackground(samples));
        }
    }

    @Test
    void histologyIsColouredOnABrightBackground() {
        assertTrue(meanColourfulness(histology) > 15, "colourfulness " + meanColourfulness(histology));
        assertTrue(meanBackground(histology) > 150, "background " + meanBackground(histology));
    }

    private static ByteProcessor smoothed(final ColorProcessor sample) {
        final ByteProcessor grey = sample.convertToByteProcessor(false);
        grey.blurGaussian(1);
        return grey;
    }

    /** Mean over the pixels of the largest difference of two channels. */
    private static double meanColourfulness(final List<ColorProcessor> samples) {
        double sum = 0;
        for (final ColorProcessor sample : samples)
            for (int i = 0; i < sample.getPixelCount(); i++) {
                final int rgb = sample.get(i);
                final int red = rgb >> 16 & 0xff;
                final int green = rgb >> 8 & 0xff;
                final int blue = rgb & 0xff;
                sum += Math.max(red, Math.max(green, blue)) - Math.min(red, Math.min(green, blue));
            }
        return sum / samples.size() / samples.get(0).getPixelCount();
    }

    /** Mean of the samples' most frequent smoothed grey level. */
    private static double meanBackground(final List<ColorProcessor> samples) {
        return samples.stream()
                .mapToDouble(sample -> smoothed(sample).getStats().dmode)
                .average()
                .orElseThrow();
    }
}
