package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the bundled model and its classifier: there and back is every bit, whatever guides. */
class ClassifierRoundTripTest {

    private static final String PROMPT = "fluorescence microscopy, many small nuclei";
    private static final int WIDTH = 40;
    private static final int HEIGHT = 24;

    private static OpenedModel model;

    @BeforeAll
    static void open() throws IOException {
        model = OpenedModel.open("bundled", "cpu", Progress.NONE);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static ArrayImg<DoubleType, DoubleArray> image() {
        final double[] values = new Random(3).doubles(WIDTH * HEIGHT * 3, -1, 1).toArray();
        // + 0.0 for no negative zero, which no lattice tells from zero
        for (int i = 0; i < values.length; i++) values[i] = Math.rint(values[i] * 255) / 256 + 0.0;
        return ArrayImgs.doubles(values, WIDTH, HEIGHT, 3);
    }

    private static double[] numbers(final RandomAccessibleInterval<DoubleType> image) {
        final double[] values = new double[WIDTH * HEIGHT * 3];
        int i = 0;
        for (final DoubleType value : Views.flatIterable(image)) values[i++] = value.get();
        return values;
    }

    private static SamplingSettings settings(
            final String sampler, final String gamma, final double guidance, final double classifier) {
        return new SamplingSettings(sampler, 6, gamma, 1, guidance).withClassifierScale(classifier);
    }

    @ParameterizedTest
    @CsvSource({"O-BELM, auto, 1, 2", "O-BELM, auto, 3, 10", "BDIA, 0.5, 3, 2", "BDIA, auto, 0, 5", "EDICT, auto, 1, 1"
    })
    void everyBitComesBack(final String sampler, final String gamma, final double guidance, final double classifier)
            throws IOException {
        final Invert invert = new Invert(model, settings(sampler, gamma, guidance, classifier));
        final Inversion inversion =
                invert.run(invert.encode(image(), Progress.NONE), PROMPT, "histology", Progress.NONE);
        assertEquals(classifier, inversion.record().classifierScale());
        assertArrayEquals(numbers(image()), numbers(new Reconstruct(model).run(inversion, Progress.NONE)));
    }

    @Test
    void itGuidesTheInversionToo() throws IOException {
        final Inversion plain = new Invert(model, settings("O-BELM", "auto", 1, 0)).run(image(), PROMPT, Progress.NONE);
        final Inversion guided =
                new Invert(model, settings("O-BELM", "auto", 1, 5)).run(image(), PROMPT, Progress.NONE);
        assertFalse(Arrays.equals(
                plain.latent().states().get(0), guided.latent().states().get(0)));
    }

    @Test
    void anEditToTheSamePromptReturnsTheImage() throws IOException {
        final Edit edit = new Edit(model, settings("O-BELM", "auto", 3, 5));
        assertArrayEquals(
                numbers(image()),
                numbers(edit.run(image(), PROMPT, PROMPT, "", Progress.NONE).image()));
        assertFalse(Arrays.equals(
                numbers(image()),
                numbers(edit.run(image(), PROMPT, "few large nuclei", "", Progress.NONE)
                        .image())));
    }

    /** A source may be empty: nothing to lead to on the way to noise. */
    @Test
    void anEmptySourceIsInvertedWithoutTheClassifier() throws IOException {
        final Edit.Result result =
                new Edit(model, settings("O-BELM", "auto", 3, 5)).run(image(), "", PROMPT, "", Progress.NONE);
        assertEquals(0, result.inversion().record().classifierScale());
        assertFalse(Arrays.equals(numbers(image()), numbers(result.image())));
    }

    @Test
    void generatingFollowsTheScale() throws IOException {
        final double[] plain = generated(0);
        assertFalse(Arrays.equals(plain, generated(5)));
        assertArrayEquals(generated(5), generated(5));
        assertFalse(Arrays.equals(generated(2), generated(5)));
    }

    private static double[] generated(final double classifier) throws IOException {
        return numbers(new Generate(model, settings("DDIM", "auto", 3, classifier))
                .run(WIDTH, HEIGHT, 1, PROMPT, "", Progress.NONE)
                .image());
    }
}
