package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Precision;
import palindrome.guide.GuidanceEvaluation;
import palindrome.model.ModelCatalog;
import palindrome.model.TinyModel;

/** Exact in every configuration, and nearly the same in all of them. */
class ConfigurationsTest {

    private static final int STEPS = 5;
    private static final double[] PIXELS = new Random(3)
            .doubles(16 * 8 * 3, -1, 1)
            .map(value -> Math.rint(value * 127) / 128 + 0.0)
            .toArray();

    @TempDir
    private static Path folder;

    private static String tiny;

    @BeforeAll
    static void write() throws IOException {
        tiny = TinyModel.write(Files.createDirectory(folder.resolve("tiny"))).toString();
    }

    private static RunConfiguration configuration(final Precision precision, final GuidanceEvaluation guidance) {
        return RunConfiguration.of(DeviceChoice.of("cpu")).with(precision).with(guidance);
    }

    private static double[] values(final RandomAccessibleInterval<DoubleType> image) {
        final double[] values = new double[(int) (image.dimension(0) * image.dimension(1) * image.dimension(2))];
        int i = 0;
        for (final DoubleType value : Views.flatIterable(image)) values[i++] = value.get();
        return values;
    }

    private static double[] generated(final OpenedModel model, final double guidance) throws IOException {
        return values(new Generate(model, new SamplingSettings("DDIM", STEPS, "auto", 1, guidance))
                .run(16, 8, 1, "a cat", "a dog", Progress.NONE)
                .image());
    }

    private static double rms(final double[] a, final double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.sqrt(sum / a.length);
    }

    @ParameterizedTest
    @CsvSource({
        "O-BELM, FLOAT16, SEQUENTIAL, 1",
        "O-BELM, FLOAT16, BATCHED, 3",
        "O-BELM, FLOAT32, BATCHED, 3",
        "BDIA, FLOAT16, SEQUENTIAL, 3",
        "EDICT, FLOAT16, BATCHED, 3",
        "Cycle-SDE, FLOAT16, SEQUENTIAL, 1"
    })
    void everyBitComesBack(
            final String sampler, final Precision precision, final GuidanceEvaluation evaluation, final double guidance)
            throws IOException {
        try (OpenedModel model = OpenedModel.open(tiny, configuration(precision, evaluation), Progress.NONE)) {
            final int before = NativeArrays.under(model.model().manager());
            final Inversion inversion = new Invert(model, new SamplingSettings(sampler, STEPS, "auto", 1, guidance))
                    .run(ArrayImgs.doubles(PIXELS.clone(), 16, 8, 3), "a cat", Progress.NONE);
            assertEquals(precision, inversion.record().runtime().precision());
            assertEquals(evaluation, inversion.record().runtime().guidance());
            assertArrayEquals(PIXELS, values(new Reconstruct(model).run(inversion, Progress.NONE)));
            assertEquals(before, NativeArrays.under(model.model().manager()), "arrays left behind");
        }
    }

    /** The bundled model on a few pixels: half precision on a CPU takes long. */
    @Test
    void theBundledModelIsExactAndCloseInHalfPrecision() throws IOException {
        final double[] wide;
        try (OpenedModel model = OpenedModel.open(
                ModelCatalog.BUNDLED, configuration(Precision.FLOAT32, GuidanceEvaluation.SEQUENTIAL), Progress.NONE)) {
            assertEquals(DataType.FLOAT32, model.model().unet().elementType());
            wide = generated(model, 3);
        }
        try (OpenedModel model = OpenedModel.open(
                ModelCatalog.BUNDLED, configuration(Precision.FLOAT16, GuidanceEvaluation.SEQUENTIAL), Progress.NONE)) {
            assertEquals(DataType.FLOAT16, model.model().unet().elementType());
            final double[] narrow = generated(model, 3);
            final double difference = rms(wide, narrow);
            assertNotEquals(0, difference);
            assertTrue(difference < 0.02, "rms difference " + difference + " where black and white are 2 apart");
            final Inversion inversion = new Invert(model, new SamplingSettings("O-BELM", 3, "auto", 1, 1))
                    .run(ArrayImgs.doubles(PIXELS.clone(), 16, 8, 3), "few nuclei", Progress.NONE);
            assertArrayEquals(PIXELS, values(new Reconstruct(model).run(inversion, Progress.NONE)));
        }
    }

    /** Of a latent model the network alone is in half precision: latent and decoded image have the same bits as ever. */
    @Test
    void theAutoencoderStaysInFloat32() throws IOException {
        final String latent = TinyModel.writeLatent(Files.createDirectory(folder.resolve("latent")))
                .toString();
        final List<double[]> states = new ArrayList<>();
        final List<double[]> decoded = new ArrayList<>();
        for (final Precision precision : new Precision[] {Precision.FLOAT32, Precision.FLOAT16})
            try (OpenedModel model = OpenedModel.open(
                            latent, configuration(precision, GuidanceEvaluation.SEQUENTIAL), Progress.NONE);
                    NDManager manager = model.model().manager().newSubManager()) {
                assertEquals(precision.type(), model.model().unet().elementType());
                final Invert invert = new Invert(model, new SamplingSettings("O-BELM", STEPS, "auto", 1, 1));
                final EncodedImage encoded = invert.encode(ArrayImgs.doubles(PIXELS.clone(), 16, 8, 3), Progress.NONE);
                states.add(encoded.state(manager).toDoubleArray());
                final Inversion inversion = invert.run(encoded, "a cat", "", Progress.NONE);
                decoded.add(values(new Reconstruct(model).run(inversion, Progress.NONE)));
            }
        assertArrayEquals(states.get(0), states.get(1));
        assertArrayEquals(decoded.get(0), decoded.get(1));
    }

    @Test
    void batchedGuidanceIsTheSameUpToRounding() throws IOException {
        try (OpenedModel one = OpenedModel.open(
                        tiny, configuration(Precision.FLOAT32, GuidanceEvaluation.SEQUENTIAL), Progress.NONE);
                OpenedModel both = OpenedModel.open(
                        tiny, configuration(Precision.FLOAT32, GuidanceEvaluation.BATCHED), Progress.NONE)) {
            final double[] expected = generated(one, 3);
            assertTrue(rms(expected, generated(both, 3))
                    < 1e-4 * Arrays.stream(expected).map(Math::abs).max().orElseThrow());
            assertTrue(rms(expected, generated(one, 1)) > 1e-3, "guidance must matter for this to mean anything");
        }
    }

    @Test
    void aRunElsewhereSaysWhatDiffers() throws IOException {
        final Inversion inversion;
        try (OpenedModel model =
                OpenedModel.open(tiny, configuration(Precision.FLOAT16, GuidanceEvaluation.BATCHED), Progress.NONE)) {
            inversion = new Invert(model, new SamplingSettings("O-BELM", STEPS, "auto", 1, 3))
                    .run(ArrayImgs.doubles(PIXELS.clone(), 16, 8, 3), "a cat", Progress.NONE);
            assertEquals(List.of(), inversion.record().runtime().differencesTo(model.runtime()));
        }
        final Heard heard = new Heard();
        try (OpenedModel model = OpenedModel.open(tiny, "cpu", heard)) {
            new Reconstruct(model).run(inversion, heard);
        }
        assertEquals(
                List.of("The latent was made elsewhere (precision float16 there, float32 here; guidance batched there,"
                        + " sequential here); the image may differ in its last bits."),
                heard.notes());
        // what the commands do: as recorded
        try (OpenedModel model =
                OpenedModel.open(tiny, inversion.record().runtime().configurationOn("auto"), heard)) {
            assertArrayEquals(PIXELS, values(new Reconstruct(model).run(inversion, heard)));
        }
        assertEquals(1, heard.notes().size());
    }
}
