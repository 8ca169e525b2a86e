package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.DoubleType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.edit.DiffusionEquation;
import palindrome.edit.Inpaint;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.PromptMask;
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.image.PixelPlane;
import palindrome.image.SelectedArea;
import palindrome.image.SourceImage;

/** Repainting and finding nuclei with the bundled model, on fixed seeds, as ImageJ itself measures it. */
class BundledModelRepaintsTest {

    private static final String MANY = "fluorescence microscopy, many medium bright nuclei";
    private static final String FEW = "fluorescence microscopy, few medium bright nuclei";
    private static final int SIDE = 80;
    private static final int SEEDS = 2;
    private static final int STEPS = 12;

    private static OpenedModel model;
    private static ImagePlus sample;
    private static PixelPlane plane;
    private static SourceImage original;
    private static Img<DoubleType> numbers;

    @BeforeAll
    static void open() throws IOException {
        model = OpenedModel.open("bundled", "cpu", Progress.NONE);
        sample = IJ.openImage("sample-images/phantom-nuclei-8bit.tif");
        plane = PixelPlane.of(sample);
        original = SourceImage.of(sample, plane);
        numbers = original.codec().encode(plane);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    /** Places with nuclei in them. */
    private static List<Roi> places() {
        return List.of(new OvalRoi(20, 20, SIDE, SIDE), new OvalRoi(90, 90, SIDE, SIDE));
    }

    @ParameterizedTest
    @EnumSource
    void aPromptOfManyAddsNucleiAndOneOfFewRemovesThemOnlyInTheSelection(final DiffusionEquation equation)
            throws IOException {
        final List<ColorProcessor> before = new ArrayList<>();
        final List<ColorProcessor> many = new ArrayList<>();
        final List<ColorProcessor> few = new ArrayList<>();
        for (final Roi place : places())
            for (int seed = 1; seed <= SEEDS; seed++) {
                before.add(inside(place, sample.getProcessor()));
                many.add(inside(place, repainted(place, equation, MANY, seed)));
                few.add(inside(place, repainted(place, equation, FEW, seed)));
            }
        // One threshold for all, from what was there: repainted nuclei must be as bright.
        final int threshold =
                Nuclei.threshold(List.of((ColorProcessor) sample.getProcessor().convertToRGB()));
        final double there = mean(before, threshold);
        final double more = mean(many, threshold);
        final double fewer = mean(few, threshold);
        final String found = equation + ": " + there + " nuclei before, many " + more + ", few " + fewer;
        assertTrue(there >= 3, found);
        assertTrue(more >= 1.5 * there, found);
        assertTrue(fewer <= 0.75 * there, found);
    }

    private static ImageProcessor repainted(
            final Roi place, final DiffusionEquation equation, final String prompt, final long seed)
            throws IOException {
        sample.setRoi(place);
        final Inpaint.Result result = new Inpaint(
                        model,
                        new SamplingSettings(
                                equation.sampler(2), STEPS, SamplerTuning.AUTOMATIC.withSeed(seed), 1, 3, 0))
                .run(numbers, SelectedArea.of(sample), prompt, "", Progress.NONE);
        final PixelPlane made = original.codec().decodeEdited(result.image(), numbers, plane);
        for (int i = 0; i < made.size(); i++)
            if (!place.contains(i % plane.width(), i / plane.width())) assertEquals(plane.bits(i), made.bits(i));
        return made.toProcessor();
    }

    /** The selection alone, black around it. */
    private static ColorProcessor inside(final Roi place, final ImageProcessor image) {
        final ByteProcessor alone = (ByteProcessor) image.duplicate();
        alone.setColor(0);
        alone.fillOutside(place);
        alone.setRoi(place.getBounds());
        return (ColorProcessor) alone.crop().convertToRGB();
    }

    private static double mean(final List<ColorProcessor> images, final int threshold) {
        return Arrays.stream(Nuclei.count(images, threshold).counts()).average().orElseThrow();
    }

    /** Asked where fewer nuclei would change the image, the model points at the nuclei, as a threshold finds them. */
    @Test
    void theMaskOfFewerNucleiIsTheNuclei() throws IOException {
        final PromptMask.Result result = new PromptMask(model, 0.5, 10, 1)
                .run(
                        numbers,
                        "fluorescence microscopy, many nuclei",
                        "fluorescence microscopy, few nuclei",
                        Progress.NONE);
        final ByteProcessor nuclei = (ByteProcessor) sample.getProcessor().duplicate();
        nuclei.blurGaussian(1);
        nuclei.threshold(
                Nuclei.threshold(List.of((ColorProcessor) sample.getProcessor().convertToRGB())));
        final float[] heat = result.heat().update(null).getCurrentStorageArray();
        int both = 0;
        int masked = 0;
        int bright = 0;
        for (int i = 0; i < heat.length; i++) {
            if (heat[i] > 0.5f) masked++;
            if (nuclei.get(i) != 0) bright++;
            if (heat[i] > 0.5f && nuclei.get(i) != 0) both++;
        }
        final double overlap = 2.0 * both / (masked + bright);
        assertTrue(overlap > 0.6, "Dice " + overlap + " of " + masked + " masked and " + bright + " bright pixels");
    }
}
