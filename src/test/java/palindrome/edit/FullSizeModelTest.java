package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.model.StableDiffusionFolder;

/**
 * Random weights in the true architecture and size of Stable Diffusion 1.5, 4.3 GB of
 * them: they are opened, evaluated, and come back exactly.
 */
@Tag("slow")
class FullSizeModelTest {

    private static final int SIDE = 128;
    private static final String PROMPT = "fluorescence microscopy, many nuclei";
    private static final long NEEDED = 6L << 30;

    @TempDir
    private static Path folder;

    private static OpenedModel model;

    @BeforeAll
    static void open() throws IOException {
        final long free = Files.getFileStore(folder).getUsableSpace();
        assumeTrue(free > NEEDED, "The weights take 4.3 GB of disk; " + (free >> 20) + " MiB are free.");
        StableDiffusionFolder.SD1.write(folder);
        model = OpenedModel.open(folder.toString(), "cpu", Progress.NONE);
    }

    @AfterAll
    static void close() {
        if (model == null) return;
        model.close();
        // NB: the pool would go on mapping files that are about to be deleted.
        OpenedModel.releaseAll();
    }

    private static RandomAccessibleInterval<DoubleType> image() {
        final Random random = new Random(5);
        final double[] values = new double[SIDE * SIDE * 3];
        for (int i = 0; i < values.length; i++) values[i] = random.nextInt(256) / 127.5 - 1;
        return ArrayImgs.doubles(values, SIDE, SIDE, 3);
    }

    private static double[] numbers(final RandomAccessibleInterval<DoubleType> image) {
        final double[] values = new double[(int) Views.iterable(image).size()];
        int i = 0;
        for (final DoubleType value : Views.flatIterable(image)) values[i++] = value.get();
        return values;
    }

    @Test
    void itIsALatentModelOfFourChannels() {
        assertTrue(model.hasAutoencoder());
        assertEquals(4, model.model().stateChannels());
        assertEquals(8, model.model().factor());
    }

    @Test
    void theLatentLeadsBackToTheDecodedImageBitForBit() throws IOException {
        final SamplingSettings settings = new SamplingSettings("O-BELM", 4, "auto", 1, 1);
        final Invert invert = new Invert(model, settings);
        final EncodedImage encoded = invert.encode(image(), Progress.NONE);
        final Inversion inversion = invert.run(encoded, PROMPT, "", Progress.NONE);
        final double[] decoded = numbers(new Reconstruct(model).run(inversion, Progress.NONE));
        for (final double value : decoded) assertTrue(Double.isFinite(value));
        final double[] expected = new double[decoded.length];
        int i = 0;
        for (final var value : Views.flatIterable(encoded.decoded())) expected[i++] = value.getRealDouble();
        assertArrayEquals(expected, decoded);
        assertFalse(Arrays.equals(expected, numbers(image())), "the autoencoder did nothing");
    }
}
