package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Precision;
import palindrome.guide.GuidanceEvaluation;
import palindrome.image.ControlImage;
import palindrome.image.ControlKind;

/** The bundled model under its own ControlNet, in Java. */
class BundledControlTest {

    private static final int WIDTH = 24;
    private static final int HEIGHT = 17;
    private static final String PROMPT = "fluorescence microscopy, many nuclei";

    private static OpenedModel open(final Precision precision, final GuidanceEvaluation guidance) throws IOException {
        return OpenedModel.open(
                "bundled",
                RunConfiguration.of(DeviceChoice.of("cpu")).with(precision).with(guidance),
                Progress.NONE);
    }

    private static OpenedModel open() throws IOException {
        return open(Precision.FLOAT32, GuidanceEvaluation.SEQUENTIAL);
    }

    private static ControlImage drawing(final int width, final int height, final OvalRoi... nuclei) {
        final ByteProcessor drawing = new ByteProcessor(width, height);
        drawing.setValue(255);
        for (final OvalRoi nucleus : nuclei) drawing.fill(nucleus);
        return ControlImage.of(new ImagePlus("drawing", drawing), ControlKind.LABELS);
    }

    private static SamplingSettings settings(final String sampler, final int steps, final double guidance) {
        return new SamplingSettings(sampler, steps, "auto", 1, guidance)
                .withControl(Optional.of(Control.bundled(drawing(WIDTH, HEIGHT, new OvalRoi(4, 3, 12, 9)))));
    }

    private static ArrayImg<DoubleType, DoubleArray> image() {
        final double[] values = new Random(3).doubles(WIDTH * HEIGHT * 3, -1, 1).toArray();
        // + 0.0 for no negative zero, which no lattice tells from zero
        for (int i = 0; i < values.length; i++) values[i] = Math.rint(values[i] * 255) / 256 + 0.0;
        return ArrayImgs.doubles(values, WIDTH, HEIGHT, 3);
    }

    private static double[] numbers(final RandomAccessibleInterval<DoubleType> image) {
        final double[] values = new double[(int) Views.flatIterable(image).size()];
        int i = 0;
        for (final DoubleType value : Views.flatIterable(image)) values[i++] = value.get();
        return values;
    }

    /** Every exact sampler, and every configuration that guidance and precision have. */
    @ParameterizedTest
    @CsvSource({
        "O-BELM, 1, FLOAT32, SEQUENTIAL",
        "O-BELM, 3, FLOAT32, BATCHED",
        "O-BELM, 1, FLOAT16, SEQUENTIAL",
        "BDIA, 3, FLOAT32, SEQUENTIAL",
        "BDIA-DPM-Solver++ 2S, 1, FLOAT32, SEQUENTIAL",
        "BDIA-EDM Euler, 1, FLOAT32, SEQUENTIAL",
        "BDIA-EDM Heun, 3, FLOAT32, BATCHED",
        "BELM, 1, FLOAT32, SEQUENTIAL",
        "EDICT, 3, FLOAT32, SEQUENTIAL",
        "Cycle-SDE, 1, FLOAT32, SEQUENTIAL",
        "CycleDiffusion, 3, FLOAT32, SEQUENTIAL"
    })
    void everyBitComesBackAndNothingIsLeft(
            final String sampler, final double guidance, final Precision precision, final GuidanceEvaluation evaluation)
            throws IOException {
        try (OpenedModel model = open(precision, evaluation)) {
            final int before = NativeArrays.under(model.model().manager());
            final Inversion inversion =
                    new Invert(model, settings(sampler, 3, guidance)).run(image(), PROMPT, Progress.NONE);
            final Inversion free = new Invert(
                            model, settings(sampler, 3, guidance).withControl(Optional.empty()))
                    .run(image(), PROMPT, Progress.NONE);
            assertFalse(Arrays.deepEquals(
                    inversion.latent().states().toArray(),
                    free.latent().states().toArray()));
            assertArrayEquals(numbers(image()), numbers(new Reconstruct(model).run(inversion, Progress.NONE)));
            assertEquals(before, NativeArrays.under(model.model().manager()), "arrays left behind");
        }
    }

    @Test
    void aCancelledRunLeavesNothing() throws IOException {
        try (OpenedModel model = open()) {
            final int before = NativeArrays.under(model.model().manager());
            for (int questions = 1; questions < 200; questions += 40) {
                final CancelAfter user = new CancelAfter(questions);
                assertThrows(CancellationException.class, () -> new Edit(model, settings("EDICT", 3, 3))
                        .run(image(), PROMPT, "few nuclei", "", user));
                assertEquals(before, NativeArrays.under(model.model().manager()));
            }
        }
    }

    /** Nuclei are bright where they are drawn, for the same prompt and seed with either drawing. */
    @Test
    void nucleiGrowWhereTheyAreDrawn() throws IOException {
        final OvalRoi left = new OvalRoi(8, 20, 22, 18);
        final OvalRoi right = new OvalRoi(36, 24, 18, 24);
        try (OpenedModel model = open()) {
            int seen = 0;
            for (int seed = 1; seed <= 3; seed++) {
                final double[] onLeft = generated(model, seed, left);
                final double[] onRight = generated(model, seed, right);
                if (mean(onLeft, left) > mean(onLeft, right) + 0.15) seen++;
                if (mean(onRight, right) > mean(onRight, left) + 0.15) seen++;
            }
            assertTrue(seen >= 5, seen + " of 6 nuclei are where they were drawn");
        }
    }

    private static double[] generated(final OpenedModel model, final long seed, final OvalRoi nucleus)
            throws IOException {
        return numbers(new Generate(
                        model,
                        new SamplingSettings("DDIM", 12, "auto", 1, 2)
                                .withControl(Optional.of(Control.bundled(drawing(64, 64, nucleus)))))
                .run(64, 64, seed, "fluorescence microscopy, few nuclei", "", Progress.NONE)
                .image());
    }

    /** Mean of the red plane in a selection, black −1 and white 1. */
    private static double mean(final double[] image, final OvalRoi where) {
        double sum = 0;
        int count = 0;
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++)
                if (where.contains(x, y)) {
                    sum += image[y * 64 + x];
                    count++;
                }
        return sum / count;
    }
}
