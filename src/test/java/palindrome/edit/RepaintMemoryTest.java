package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.process.ByteProcessor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.params.provider.EnumSource;
import palindrome.image.SelectedArea;
import palindrome.model.ModelPool;
import palindrome.model.TinyFamilies;
import palindrome.model.TinyModel;

/** What is allocated to repaint, vary and compare is freed, step by step, at the end, and when the user cancels. */
class RepaintMemoryTest {

    private static final int STEPS = 8;

    @TempDir
    private static Path folder;

    private static OpenedModel plain;
    private static OpenedModel inpainting;

    /** An operation on a tiny model. */
    enum Operation {
        INPAINT {
            @Override
            void run(final Progress progress) throws IOException {
                new Inpaint(plain, settings("SDE-DPM-Solver++ 2M")).run(image(), area(), "a", "b", progress);
            }
        },
        INPAINT_TOLD {
            @Override
            void run(final Progress progress) throws IOException {
                new Inpaint(inpainting, settings("DPM-Solver++ 2M")).run(image(), area(), "a", "b", progress);
            }

            @Override
            OpenedModel model() {
                return inpainting;
            }
        },
        VARY {
            @Override
            void run(final Progress progress) throws IOException {
                new Vary(plain, settings("SDE-DPM-Solver++ 2M")).run(image(), 1, "", "a", "b", progress);
            }
        },
        VARY_CYCLE_SDE {
            @Override
            void run(final Progress progress) throws IOException {
                new Vary(plain, settings("Cycle-SDE")).run(image(), 1, "b", "a", "", progress);
            }
        },
        MASK {
            @Override
            void run(final Progress progress) throws IOException {
                new PromptMask(plain, 0.5, STEPS, 1).run(image(), "a", "b", progress);
            }
        };

        abstract void run(Progress progress) throws IOException;

        OpenedModel model() {
            return plain;
        }

        int alive() {
            return NativeArrays.under(model().model().manager());
        }
    }

    @BeforeAll
    static void open() throws IOException {
        plain = open(TinyModel.write(Files.createDirectory(folder.resolve("tiny"))));
        inpainting = open(
                TinyFamilies.withUnet(Files.createDirectory(folder.resolve("inpainting")), Map.of("in_channels", 25)));
        // the first runs compile kernels
        for (final Operation operation : Operation.values()) operation.run(Progress.NONE);
    }

    private static OpenedModel open(final Path model) throws IOException {
        return OpenedModel.open(model.toString(), "cpu", Progress.NONE);
    }

    @AfterAll
    static void close() {
        plain.close();
        inpainting.close();
        ModelPool.shared().releaseAll();
    }

    private static SamplingSettings settings(final String sampler) {
        return new SamplingSettings(sampler, STEPS, "auto", 1, 3);
    }

    private static ArrayImg<DoubleType, DoubleArray> image() {
        final double[] values = new Random(1).doubles(12 * 8 * 3, -1, 1).toArray();
        for (int i = 0; i < values.length; i++) values[i] = Math.rint(values[i] * 255) / 256;
        return ArrayImgs.doubles(values, 12, 8, 3);
    }

    private static SelectedArea area() {
        final ImagePlus image = new ImagePlus("", new ByteProcessor(12, 8));
        image.setRoi(new OvalRoi(2, 1, 7, 6));
        return SelectedArea.of(image);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftAndNothingGrows(final Operation operation) throws IOException {
        final int before = operation.alive();
        final List<Integer> counts = new ArrayList<>();
        operation.run(new Progress() {
            @Override
            public void stage(final String name) {
                counts.clear();
            }

            @Override
            public void step(final long done, final long total) {
                counts.add(operation.alive());
            }

            @Override
            public boolean canceled() {
                return false;
            }
        });
        assertEquals(before, operation.alive());
        assertTrue(counts.size() >= STEPS - 1, counts.toString());
        // NB: Cycle-SDE records its noise, one array a step.
        if (operation != Operation.VARY_CYCLE_SDE)
            assertTrue(new HashSet<>(counts.subList(2, counts.size() - 1)).size() <= 2, counts.toString());
    }

    @ParameterizedTest
    @EnumSource
    void cancelingStopsBeforeTheNextNetworkCallAndFreesEverything(final Operation operation) throws IOException {
        final int before = operation.alive();
        final CancelAfter never = new CancelAfter(Integer.MAX_VALUE);
        operation.run(never);
        assertTrue(never.asked() >= STEPS, "asked " + never.asked() + " times");
        for (final int questions : new int[] {0, 1, 2, never.asked() / 2, never.asked() - 1}) {
            final CancelAfter user = new CancelAfter(questions);
            assertThrows(CancellationException.class, () -> operation.run(user));
            assertEquals(questions + 1, user.asked());
            assertEquals(before, operation.alive());
        }
    }

    @Test
    void whatCannotBeIsNamed() {
        final SelectedArea area = area();
        assertEquals(
                "The image is 10 × 8 pixels, but the selection is one of 12 × 8.",
                assertThrows(IllegalArgumentException.class, () -> new Inpaint(plain, settings("DDIM"))
                                .run(ArrayImgs.doubles(10, 8, 3), area, "", "", Progress.NONE))
                        .getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Inpaint(plain, settings("O-BELM")))
                .getMessage()
                .startsWith("O-BELM cannot be held to an image on its way."));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Vary(plain, settings("Null-text")))
                .getMessage()
                .startsWith("Null-text makes no images of drawn noise."));
        assertEquals(
                "The number of maps is 0; use at least 1.",
                assertThrows(IllegalArgumentException.class, () -> new PromptMask(plain, 0.5, 0, 1))
                        .getMessage());
        assertEquals(
                "The order of the solver is 3; use 1 or 2.",
                assertThrows(IllegalArgumentException.class, () -> DiffusionEquation.SDE.sampler(3))
                        .getMessage());
    }
}
