package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
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
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.model.ModelPool;
import palindrome.model.TinyModel;

/** Native memory: nothing stays but the model, whatever happens. */
class MemoryTest {

    private static final int STEPS = 8;

    @TempDir
    private static Path folder;

    private static OpenedModel model;

    @BeforeAll
    static void open() throws IOException {
        model = OpenedModel.open(
                TinyModel.writeWithClassifier(Files.createDirectory(folder.resolve("tiny")))
                        .toString(),
                "cpu",
                Progress.NONE);
        // the first run compiles kernels
        new Edit(model, settings("O-BELM", 3)).run(image(), "a", "b", "", Progress.NONE);
    }

    @AfterAll
    static void close() {
        final NDManager manager = model.model().manager();
        model.close();
        ModelPool.shared().releaseAll();
        assertFalse(manager.isOpen());
        assertEquals(0, NativeArrays.under(manager));
    }

    private static SamplingSettings settings(final String sampler, final double guidance) {
        return new SamplingSettings(sampler, STEPS, "auto", 1, guidance);
    }

    private static ArrayImg<DoubleType, DoubleArray> image() {
        final double[] values = new Random(1).doubles(12 * 8 * 3, -1, 1).toArray();
        for (int i = 0; i < values.length; i++) values[i] = Math.rint(values[i] * 255) / 256;
        return ArrayImgs.doubles(values, 12, 8, 3);
    }

    private static int alive() {
        return NativeArrays.under(model.model().manager());
    }

    /** Counts what is alive after every network evaluation. */
    private static final class Counting implements Progress {

        private final List<Integer> counts = new ArrayList<>();

        @Override
        public void stage(final String name) {
            counts.clear();
        }

        @Override
        public void step(final long done, final long total) {
            counts.add(alive());
        }

        @Override
        public boolean canceled() {
            return false;
        }

        /** NB: the parity of a step may decide what is alive within it; growth does not stop at two values. */
        void assertDoNotGrow() {
            assertTrue(counts.size() > STEPS - 2, counts.toString());
            final List<Integer> later = counts.subList(2, counts.size() - 1);
            assertTrue(new HashSet<>(later).size() <= 2, counts.toString());
            assertTrue(
                    Collections.max(later.subList(later.size() / 2, later.size()))
                            <= Collections.max(later.subList(0, later.size() / 2)),
                    counts.toString());
        }
    }

    /** The graph that a gradient needs is freed with its step. */
    @ParameterizedTest
    @ValueSource(strings = {"O-BELM", "BDIA", "EDICT"})
    void classifierGuidanceAddsNoArrays(final String sampler) throws IOException {
        final int before = alive();
        final Counting counting = new Counting();
        final Inversion inversion =
                new Invert(model, settings(sampler, 2).withClassifierScale(0.5)).run(image(), "one cat", counting);
        counting.assertDoNotGrow();
        assertEquals(before, alive());
        new Reconstruct(model).run(inversion, counting);
        counting.assertDoNotGrow();
        assertEquals(before, alive());
    }

    @ParameterizedTest
    @CsvSource({"O-BELM, 1", "O-BELM, 3", "BDIA, 1", "BDIA, 0", "EDICT, 1", "EDICT, 3"})
    void noArraysAreAddedFromStepToStep(final String sampler, final double guidance) throws IOException {
        final int before = alive();
        final Counting counting = new Counting();
        final Inversion inversion = new Invert(model, settings(sampler, guidance)).run(image(), "a cat", counting);
        counting.assertDoNotGrow();
        assertEquals(before, alive());
        new Reconstruct(model).run(inversion, counting);
        counting.assertDoNotGrow();
        assertEquals(before, alive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"O-BELM", "BDIA", "EDICT", "DDIM"})
    void generatingAddsNoArrays(final String sampler) throws IOException {
        final int before = alive();
        final Counting counting = new Counting();
        for (int i = 0; i < 3; i++) {
            new Generate(model, settings(sampler, 3)).run(12, 8, i, "a cat " + i, "", counting);
            counting.assertDoNotGrow();
            assertEquals(before, alive());
        }
    }

    @Test
    void failuresFreeEverything() throws IOException {
        final int before = alive();
        final Inversion inversion = new Invert(model, settings("O-BELM", 1)).run(image(), "a", Progress.NONE);
        for (final SamplingSettings wrong : List.of(
                new SamplingSettings("O-BELM", 0, "auto", 1, 1),
                new SamplingSettings("O-BELM", 1, "auto", 1, 1),
                new SamplingSettings("O-BELM", 100000, "auto", 1, 1),
                new SamplingSettings("O-BELM", 8, "auto", 0, 1),
                new SamplingSettings("O-BELM", 8, "auto", -0.1, 1),
                new SamplingSettings("O-BELM", 8, "auto", 1.1, 1),
                new SamplingSettings("O-BELM", 8, "auto", 1, -1),
                new SamplingSettings("O-BELM", 8, "auto", 1, Double.NaN),
                settings("O-BELM", 1).withClassifierScale(-1),
                settings("O-BELM", 1).withClassifierScale(Double.NaN),
                // no word of the prompt is known
                settings("O-BELM", 1).withClassifierScale(1),
                new SamplingSettings("BDIA", 8, "0", 1, 1),
                new SamplingSettings("BDIA", 8, "1.5", 1, 1),
                new SamplingSettings("BDIA", 8, "NaN", 1, 1),
                new SamplingSettings("BDIA", 8, "much", 1, 1),
                new SamplingSettings("DDIM", 8, "auto", 1, 1),
                new SamplingSettings("Euler", 8, "auto", 1, 1))) {
            final IllegalArgumentException exc = assertThrows(
                    IllegalArgumentException.class,
                    () -> new Invert(model, wrong).run(image(), "a", Progress.NONE),
                    wrong.toString());
            assertTrue(exc.getMessage().matches("(?s)[A-Z].*[.]"), exc.getMessage());
        }
        final double[] nan = new double[12 * 8 * 3];
        nan[5] = Double.NaN;
        assertThrows(ArithmeticException.class, () -> new Invert(model, settings("O-BELM", 1))
                .run(ArrayImgs.doubles(nan, 12, 8, 3), "a", Progress.NONE));
        assertThrows(IllegalArgumentException.class, () -> new Invert(model, settings("O-BELM", 1))
                .run(ArrayImgs.doubles(12, 8, 2), "a", Progress.NONE));
        assertThrows(IllegalArgumentException.class, () -> new Generate(model, settings("DDIM", 1))
                .run(new float[5], 4, 6, "", "", Progress.NONE));
        assertThrows(IllegalArgumentException.class, () -> new Reconstruct(model)
                .run(inversion, "a", "", -1, 0, Progress.NONE));
        assertEquals(before, alive());
    }

    @ParameterizedTest
    @CsvSource({"O-BELM, 1", "O-BELM, 3", "EDICT, 3"})
    void cancelingStopsBeforeTheNextNetworkCallAndFreesEverything(final String sampler, final double guidance)
            throws IOException {
        final int before = alive();
        final CancelAfter never = new CancelAfter(Integer.MAX_VALUE);
        new Invert(model, settings(sampler, guidance)).run(image(), "a cat", never);
        final long calls = never.steps() * (guidance == 1 ? 1 : 2);
        assertTrue(never.asked() >= calls, "asked " + never.asked() + " times at " + calls + " network calls");
        for (final int questions : new int[] {0, 1, 2, never.asked() / 2, never.asked() - 1}) {
            final CancelAfter user = new CancelAfter(questions);
            assertThrows(CancellationException.class, () -> new Edit(model, settings(sampler, guidance))
                    .run(image(), "a", "b", "", user));
            assertEquals(questions + 1, user.asked());
            assertTrue(user.steps() <= questions, user.steps() + " steps");
            assertEquals(before, alive());
        }
    }
}
