package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.model.ModelPool;
import palindrome.model.TinyModel;

/** Native memory with an autoencoder: nothing stays but the model, whatever happens. */
class LatentMemoryTest {

    @TempDir
    private static Path folder;

    private static OpenedModel model;

    @BeforeAll
    static void open() throws IOException {
        model = OpenedModel.open(
                TinyModel.writeLatent(Files.createDirectory(folder.resolve("sd")))
                        .toString(),
                "cpu",
                Progress.NONE);
        // the first runs compile kernels
        edit(40, 24, "O-BELM", Progress.NONE);
        edit(112, 24, "O-BELM", Progress.NONE);
    }

    @AfterAll
    static void close() {
        final NDManager manager = model.model().manager();
        model.close();
        ModelPool.shared().releaseAll();
        assertFalse(manager.isOpen());
        assertEquals(0, NativeArrays.under(manager));
    }

    private static ArrayImg<DoubleType, DoubleArray> image(final int width, final int height) {
        final double[] values = new Random(1).doubles(width * height * 3, -1, 1).toArray();
        return ArrayImgs.doubles(values, width, height, 3);
    }

    private static void edit(final int width, final int height, final String sampler, final Progress progress)
            throws IOException {
        new Edit(model, new SamplingSettings(sampler, 4, "auto", 1, 3))
                .run(image(width, height), "a", "b", "", progress);
    }

    private static int alive() {
        return NativeArrays.under(model.model().manager());
    }

    @ParameterizedTest
    @CsvSource({"40, 24, O-BELM", "40, 24, EDICT", "40, 24, Cycle-SDE", "112, 40, O-BELM", "112, 40, BDIA"})
    void editsLeaveNothingBehind(final int width, final int height, final String sampler) throws IOException {
        final int before = alive();
        for (int i = 0; i < 2; i++) {
            edit(width, height, sampler, Progress.NONE);
            assertEquals(before, alive());
        }
        new Generate(model, new SamplingSettings(sampler, 4, "auto", 1, 3))
                .run(width, height, 1, "a", "", Progress.NONE);
        assertEquals(before, alive());
    }

    /** The host is asked between the blocks of the autoencoder too, on the way in and on the way out. */
    @ParameterizedTest
    @CsvSource({"40, 24", "112, 24"})
    void cancelingAnywhereFreesEverything(final int width, final int height) throws IOException {
        final int before = alive();
        final CancelAfter never = new CancelAfter(Integer.MAX_VALUE);
        edit(width, height, "O-BELM", never);
        assertTrue(never.asked() > 60, "asked " + never.asked() + " times");
        for (final int questions : new int[] {0, 3, 20, never.asked() / 2, never.asked() - 3, never.asked() - 1}) {
            final CancelAfter user = new CancelAfter(questions);
            assertThrows(CancellationException.class, () -> edit(width, height, "O-BELM", user));
            assertEquals(questions + 1, user.asked());
            assertEquals(before, alive());
        }
    }

    @Test
    void numbersThatAreNoneAreNamedAndFreeEverything() {
        final int before = alive();
        final double[] nan = new double[24 * 16 * 3];
        Arrays.fill(nan, Double.NaN);
        final Exception exc = assertThrows(ArithmeticException.class, () -> new Invert(model, SamplingSettings.DEFAULT)
                .run(ArrayImgs.doubles(nan, 24, 16, 3), "a", Progress.NONE));
        assertTrue(exc.getMessage().contains("not finite"), exc.getMessage());
        assertEquals(before, alive());
        assertThrows(IllegalArgumentException.class, () -> new Invert(model, SamplingSettings.DEFAULT)
                .run(ArrayImgs.doubles(24, 16, 1), "a", Progress.NONE));
        assertEquals(before, alive());
    }
}
