package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.measure.Measurements;
import ij.measure.ResultsTable;
import ij.plugin.filter.EDM;
import ij.plugin.filter.ParticleAnalyzer;
import ij.process.ByteProcessor;
import ij.process.ImageProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.imglib2.img.Img;
import net.imglib2.type.numeric.real.DoubleType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import palindrome.edit.Detail;
import palindrome.edit.DiffusionEquation;
import palindrome.edit.Drag;
import palindrome.edit.DragImages;
import palindrome.edit.DragSettings;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.SamplerTuning;
import palindrome.edit.SamplingSettings;
import palindrome.image.DragHandle;
import palindrome.image.DragHandles;
import palindrome.image.PixelPlane;
import palindrome.image.SourceImage;

/** Ten nuclei of a sample dragged by 20 pixels with the bundled model, on fixed seeds, as ImageJ itself measures it. */
class BundledModelDragsTest {

    private static final String PROMPT = "fluorescence microscopy, some medium bright nuclei";
    private static final int SIDE = 64;
    private static final int LEVEL = 60;

    /** Corner of a part of the sample, then from where to where in it. */
    private static final int[][] TRIALS = {
        {53, 0, 40, 26, 26, 40},
        {67, 33, 26, 26, 40, 40},
        {34, 43, 26, 25, 40, 39},
        {2, 99, 32, 22, 32, 42},
        {75, 85, 40, 39, 26, 25},
        {127, 91, 39, 40, 25, 26},
        {164, 107, 25, 25, 39, 39},
        {103, 108, 25, 25, 39, 39},
        {187, 109, 40, 25, 26, 39},
        {19, 111, 43, 33, 23, 33}
    };

    /** A nucleus as the particle analyzer finds it, in pixels. */
    private record Nucleus(double x, double y, double area) {

        double distanceTo(final double toX, final double toY) {
            return Math.hypot(x - toX, y - toY);
        }
    }

    /**
     * Moved: the nucleus nearest to the target has at least 0.4 of the area of the dragged one, and its centroid went at
     * least half of the way and lies at most half of it from the target. Emptied: less than a fifth of the pixels that
     * belonged to the nucleus are as bright as one.
     */
    private record Outcome(boolean moved, boolean emptied) {}

    @Test
    void nucleiGoWhereTheyAreDraggedAndLeaveTheirPlace() throws IOException {
        final List<Outcome> sde = outcomes(DiffusionEquation.SDE, 0.4, DragSettings.DEFAULT, 0);
        final List<Outcome> ode = outcomes(DiffusionEquation.ODE, 0.4, DragSettings.DEFAULT, 0);
        final String found = "SDE " + summary(sde) + ", ODE " + summary(ode);
        assertTrue(both(sde) >= 7, found);
        // What the paper claims.
        assertTrue(both(sde) >= both(ode), found);
    }

    /** The figures of docs/drag.md: -Dpalindrome.drags=true. */
    @Test
    @EnabledIfSystemProperty(named = "palindrome.drags", matches = "true")
    void figuresForTheManual() throws IOException {
        final DragSettings usual = DragSettings.DEFAULT;
        for (final DiffusionEquation equation : DiffusionEquation.values())
            for (final int seed : new int[] {0, 100, 200})
                print(equation + ", seeds from " + (seed + 1), outcomes(equation, 0.4, usual, seed));
        for (final double strength : new double[] {0.2, 0.3, 0.5, 0.6})
            print("SDE, strength " + strength, outcomes(DiffusionEquation.SDE, strength, usual, 0));
        for (final DiffusionEquation equation : DiffusionEquation.values()) {
            print(equation + ", alpha 1.1", outcomes(equation, 0.4, with(1.1, usual.fill()), 0));
            print(equation + ", fill zero", outcomes(equation, 0.4, with(1, DragSettings.Fill.ZERO), 0));
        }
    }

    private static DragSettings with(final double alpha, final DragSettings.Fill fill) {
        return new DragSettings(
                DragSettings.DEFAULT.radius(),
                DragSettings.DEFAULT.stride(),
                alpha,
                DragSettings.DEFAULT.beta(),
                fill,
                DragSettings.DEFAULT.order());
    }

    private static void print(final String what, final List<Outcome> outcomes) {
        System.getLogger(BundledModelDragsTest.class.getName())
                .log(System.Logger.Level.INFO, what + ": " + summary(outcomes));
    }

    private static String summary(final List<Outcome> outcomes) {
        return outcomes.stream().filter(Outcome::moved).count() + " moved, "
                + outcomes.stream().filter(Outcome::emptied).count() + " emptied, " + both(outcomes) + " both";
    }

    private static long both(final List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> outcome.moved() && outcome.emptied())
                .count();
    }

    /** @param seed of the noise of the first trial, less 1; each takes the next one */
    private static List<Outcome> outcomes(
            final DiffusionEquation equation, final double strength, final DragSettings settings, final int seed)
            throws IOException {
        final List<Outcome> outcomes = new ArrayList<>();
        final ImageProcessor sample =
                IJ.openImage("sample-images/phantom-nuclei-8bit.tif").getProcessor();
        try (OpenedModel model = OpenedModel.open("bundled", "cpu", Progress.NONE)) {
            for (int k = 0; k < TRIALS.length; k++) {
                final int[] trial = TRIALS[k];
                sample.setRoi(trial[0], trial[1], SIDE, SIDE);
                final ImagePlus part = new ImagePlus("part", sample.crop());
                final DragHandle handle = new DragHandle(trial[2], trial[3], trial[4], trial[5]);
                final SamplingSettings sampling = new SamplingSettings(
                        equation.thereAndBack(), 20, SamplerTuning.AUTOMATIC.withSeed(seed + k + 1), strength, 1, 0);
                final Drag drag = new Drag(model, sampling, settings, Detail.UNCHANGED);
                outcomes.add(outcome(part, dragged(part, drag, handle), handle));
            }
        }
        return outcomes;
    }

    private static ImageProcessor dragged(final ImagePlus part, final Drag drag, final DragHandle handle)
            throws IOException {
        final PixelPlane plane = PixelPlane.of(part);
        final SourceImage original = SourceImage.of(part, plane);
        final Img<DoubleType> numbers = original.codec().encode(plane);
        final Drag.Result result = drag.run(
                numbers,
                new DragHandles(List.of(handle)),
                Optional.empty(),
                PROMPT,
                "",
                DragImages.NONE,
                Progress.NONE);
        return original.codec().decodeEdited(result.image(), numbers, plane).toProcessor();
    }

    private static Outcome outcome(final ImagePlus before, final ImageProcessor after, final DragHandle handle) {
        final Nucleus nucleus = nuclei(before.getProcessor(), 0).stream()
                .min(Comparator.comparingDouble(found -> found.distanceTo(handle.fromX(), handle.fromY())))
                .orElseThrow();
        final double dx = handle.toX() - handle.fromX();
        final double dy = handle.toY() - handle.fromY();
        final double way = Math.hypot(dx, dy);
        final boolean moved = nuclei(after, 0.4 * nucleus.area()).stream()
                .min(Comparator.comparingDouble(found -> found.distanceTo(handle.toX(), handle.toY())))
                .map(there -> (there.x() - nucleus.x()) * dx + (there.y() - nucleus.y()) * dy >= way * way / 2
                        && there.distanceTo(handle.toX(), handle.toY()) <= way / 2)
                .orElse(false);
        final ByteProcessor bright = smooth(after);
        final double radius = Math.sqrt(nucleus.area() / Math.PI) - 0.5;
        int pixels = 0;
        int left = 0;
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++)
                if (nucleus.distanceTo(x, y) < radius) {
                    pixels++;
                    if (bright.get(x, y) > LEVEL) left++;
                }
        return new Outcome(moved, left < 0.2 * pixels);
    }

    private static List<Nucleus> nuclei(final ImageProcessor image, final double smallest) {
        final ByteProcessor mask = smooth(image);
        mask.threshold(LEVEL);
        new EDM().toWatershed(mask);
        mask.setThreshold(255, 255, ImageProcessor.NO_LUT_UPDATE);
        final ResultsTable table = new ResultsTable();
        new ParticleAnalyzer(
                        0,
                        Measurements.AREA + Measurements.CENTROID,
                        table,
                        Math.max(12, smallest),
                        Double.POSITIVE_INFINITY)
                .analyze(new ImagePlus("nuclei", mask), mask);
        final List<Nucleus> nuclei = new ArrayList<>();
        for (int row = 0; row < table.size(); row++)
            nuclei.add(new Nucleus(table.getValue("X", row), table.getValue("Y", row), table.getValue("Area", row)));
        return nuclei;
    }

    private static ByteProcessor smooth(final ImageProcessor image) {
        final ByteProcessor smooth = (ByteProcessor) image.duplicate();
        smooth.blurGaussian(1);
        return smooth;
    }
}
