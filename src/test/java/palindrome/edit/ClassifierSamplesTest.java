package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.measure.Measurements;
import ij.measure.ResultsTable;
import ij.plugin.filter.EDM;
import ij.plugin.filter.ParticleAnalyzer;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import palindrome.image.PixelCodec;

/**
 * Samples of the bundled model go where the classifier leads, on fixed seeds, as ImageJ itself measures them. At guidance
 * 0 the network hears the negative prompt alone, so that the prompt acts through the classifier only.
 */
class ClassifierSamplesTest {

    private static final int SAMPLES = 5;
    private static final int SIDE = 64;
    private static final int STEPS = 10;
    private static final double SCALE = 10;
    private static final int NUCLEUS_LEVEL = 50;
    private static final int SMALLEST_NUCLEUS = 12;

    private static List<ByteProcessor> samples(final OpenedModel model, final String prompt) throws IOException {
        final Generate generate =
                new Generate(model, new SamplingSettings("DDIM", STEPS, "auto", 1, 0).withClassifierScale(SCALE));
        final List<ByteProcessor> samples = new ArrayList<>();
        for (int seed = 1; seed <= SAMPLES; seed++) {
            final ByteProcessor grey = ((ColorProcessor) PixelCodec.rgb()
                            .decode(generate.run(
                                            SIDE, SIDE, seed, prompt, "fluorescence microscopy, nuclei", Progress.NONE)
                                    .image())
                            .toProcessor())
                    .convertToByteProcessor(false);
            grey.blurGaussian(1);
            samples.add(grey);
        }
        return samples;
    }

    @Test
    void manyAndBrightLeadToMoreThanFewAndDim() throws IOException {
        try (OpenedModel model = OpenedModel.open("bundled", "cpu", Progress.NONE)) {
            final double many = meanCount(samples(model, "many nuclei"));
            final double few = meanCount(samples(model, "few nuclei"));
            assertTrue(many > 2 * few + 1, "many has " + many + " nuclei an image, few has " + few);
            final double bright = meanBrightest(samples(model, "bright nuclei"));
            final double dim = meanBrightest(samples(model, "dim nuclei"));
            assertTrue(bright > dim + 30, "bright reaches level " + bright + ", dim " + dim);
        }
    }

    private static double meanCount(final List<ByteProcessor> samples) {
        return samples.stream().mapToInt(ClassifierSamplesTest::count).average().orElseThrow();
    }

    private static int count(final ByteProcessor sample) {
        final ByteProcessor mask = (ByteProcessor) sample.duplicate();
        mask.threshold(NUCLEUS_LEVEL);
        new EDM().toWatershed(mask);
        mask.setThreshold(255, 255, ImageProcessor.NO_LUT_UPDATE);
        final ResultsTable particles = new ResultsTable();
        new ParticleAnalyzer(ParticleAnalyzer.SHOW_NONE, Measurements.AREA, particles, SMALLEST_NUCLEUS, SIDE * SIDE)
                .analyze(new ImagePlus("mask", mask), mask);
        return particles.size();
    }

    /** Mean over the samples of their largest smoothed level. */
    private static double meanBrightest(final List<ByteProcessor> samples) {
        return samples.stream()
                .mapToDouble(sample -> sample.getStats().max)
                .average()
                .orElseThrow();
    }
}
