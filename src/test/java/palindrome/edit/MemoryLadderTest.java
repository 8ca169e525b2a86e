package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import palindrome.engine.DeviceChoice;
import palindrome.engine.Precision;
import palindrome.engine.TensorMemoryException;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.guide.GuidanceEvaluation;
import palindrome.model.ModelPool;
import palindrome.model.TinyModel;

/** Runs whose memory does not suffice: the allocation that fails is a real one. */
class MemoryLadderTest {

    private static final SamplingSettings SETTINGS = new SamplingSettings("O-BELM", 4, "auto", 1, 3);
    private static final double[] PIXELS = new Random(3)
            .doubles(16 * 8 * 3, -1, 1)
            .map(value -> Math.rint(value * 127) / 128 + 0.0)
            .toArray();

    /** More bytes than any address. */
    private static final long TOO_MUCH = 1L << 55;

    @TempDir
    private static Path folder;

    private static String tiny;

    @BeforeAll
    static void write() throws IOException {
        tiny = TinyModel.write(Files.createDirectory(folder.resolve("tiny"))).toString();
    }

    private static RunConfiguration batched() {
        return RunConfiguration.of(DeviceChoice.of("cpu")).with(GuidanceEvaluation.BATCHED);
    }

    private static RunConfiguration gpu(final String request, final boolean mayChangePrecision) {
        return new RunConfiguration(
                new DeviceChoice(Device.gpu(0), request, "a test"),
                Precision.FLOAT32,
                mayChangePrecision,
                GuidanceEvaluation.BATCHED,
                AutoencoderTiling.WHOLE);
    }

    /** A computer without memory at certain network evaluations, counted over all runs. */
    private static final class Exhausted implements Progress {

        private final List<String> notes = new ArrayList<>();
        private final List<Integer> failing;
        private int evaluations;

        Exhausted(final Integer... failing) {
            this.failing = List.of(failing);
        }

        @Override
        public void stage(final String name) {
            // all the same
        }

        @Override
        public void step(final long done, final long total) {
            // all the same
        }

        @Override
        public void note(final String sentence) {
            notes.add(sentence);
        }

        @Override
        public boolean canceled() {
            return false;
        }

        @Override
        public void checkCanceled() {
            if (!failing.contains(evaluations++)) return;
            try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
                Tensors.zeros(manager, DataType.FLOAT32, TOO_MUCH);
            }
        }
    }

    private static Inversion inverted(final OpenedModel model, final Progress progress) throws IOException {
        return new Invert(model, SETTINGS).run(ArrayImgs.doubles(PIXELS.clone(), 16, 8, 3), "a cat", progress);
    }

    /** To noise and back; the failure is on the way there, on the way back, or between steps. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 6, 9})
    void aRunThatFailsBeginsAgainOneRungDownAndIsExact(final int failing) throws IOException {
        final Exhausted computer = new Exhausted(failing);
        final List<NDManager> managers = new ArrayList<>();
        final List<GuidanceEvaluation> tried = new ArrayList<>();
        final Inversion inversion = new MemoryLadder(tiny, computer).run(batched(), model -> {
            managers.add(model.model().manager());
            tried.add(model.configuration().guidance());
            final Inversion made = inverted(model, computer);
            int i = 0;
            for (final DoubleType value : Views.flatIterable(new Reconstruct(model).run(made, computer)))
                assertEquals(PIXELS[i++], value.get());
            return made;
        });
        assertEquals(List.of(GuidanceEvaluation.BATCHED, GuidanceEvaluation.SEQUENTIAL), tried);
        assertEquals(GuidanceEvaluation.SEQUENTIAL, inversion.record().runtime().guidance());
        final String said = "The memory did not suffice (cpu, float32, batched guidance), so all was run again with"
                + " guidance by one evaluation after the other.";
        assertEquals(List.of(said), computer.notes);
        assertEquals(said, inversion.record().warnings().get(0));
        assertFalse(managers.get(0).isOpen(), "the model of the failed attempt makes room for the next");
        ModelPool.shared().releaseAll();
        for (final NDManager manager : managers) {
            assertFalse(manager.isOpen());
            assertEquals(0, NativeArrays.under(manager));
        }
        // nothing of the first attempt is in the result
        try (OpenedModel model = OpenedModel.open(tiny, "cpu", Progress.NONE)) {
            final Inversion alone = inverted(model, Progress.NONE);
            assertArrayEquals(
                    alone.latent().states().get(0), inversion.latent().states().get(0));
            assertArrayEquals(
                    alone.latent().states().get(1), inversion.latent().states().get(1));
        }
    }

    /** A latent model where guidance is sequential already: next are the autoencoder's tiles, in half precision too. */
    @ParameterizedTest
    @EnumSource
    void aLatentModelIsTiledNext(final Precision precision) throws IOException {
        final String latent = TinyModel.writeLatent(Files.createDirectory(folder.resolve("latent-" + precision)))
                .toString();
        final Exhausted computer = new Exhausted(40);
        final RunConfiguration first =
                RunConfiguration.of(DeviceChoice.of("cpu")).with(precision);
        final List<AutoencoderTiling> tried = new ArrayList<>();
        final Inversion inversion = new MemoryLadder(latent, computer).run(first, model -> {
            tried.add(model.configuration().autoencoder());
            final Invert invert = new Invert(model, SETTINGS);
            final EncodedImage encoded = invert.encode(ArrayImgs.doubles(PIXELS.clone(), 16, 8, 3), computer);
            final Inversion made = invert.run(encoded, "a cat", "", computer);
            final RoundTripError error =
                    RoundTripError.of(encoded.decoded(), new Reconstruct(model).run(made, computer));
            assertEquals(0, error.max());
            return made;
        });
        assertEquals(List.of(AutoencoderTiling.WHOLE, AutoencoderTiling.TILED), tried);
        assertEquals(AutoencoderTiling.TILED, inversion.record().runtime().autoencoder());
        assertEquals(precision, inversion.record().runtime().precision());
        assertTrue(computer.notes.get(0).endsWith("so all was run again with the autoencoder in tiles."));
    }

    @Test
    void onTheLowestRungTheUserIsTold() {
        final Exhausted computer = new Exhausted(2, 4);
        final TensorMemoryException exc =
                assertThrows(TensorMemoryException.class, () -> new MemoryLadder(tiny, computer)
                        .run(batched(), model -> inverted(model, computer)));
        assertTrue(exc.getMessage().startsWith("There is not enough memory for an image of this size."));
        assertEquals(1, computer.notes.size());
        // 2 evaluations and the failing one, then 1 and the failing one
        assertEquals(5, computer.evaluations);
    }

    @Test
    void otherFailuresAreNotTriedAgain() {
        final List<OpenedModel> opened = new ArrayList<>();
        assertThrows(IllegalStateException.class, () -> new MemoryLadder(tiny, Progress.NONE).run(batched(), model -> {
            opened.add(model);
            throw new IllegalStateException("out of memory, says somebody else");
        }));
        assertEquals(1, opened.size());
    }

    private static List<String> rungs(final RunConfiguration first, final boolean hasAutoencoder) {
        final List<String> passed = new ArrayList<>();
        Optional<RunConfiguration> next = Optional.of(first);
        while (next.isPresent()) {
            passed.add(next.get().toString());
            final RunConfiguration here = next.get();
            next = Arrays.stream(Rung.values())
                    .map(rung -> rung.below(here, hasAutoencoder))
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return passed;
    }

    @Test
    void theLadderEndsOnTheCpuOnlyWhereTheDeviceWasLeftToIt() {
        assertEquals(
                List.of(
                        "gpu:0, float32, batched guidance",
                        "gpu:0, float32, sequential guidance",
                        "gpu:0, float32, sequential guidance, tiled autoencoder",
                        "gpu:0, float16, sequential guidance, tiled autoencoder",
                        "cpu, float32, sequential guidance, tiled autoencoder"),
                rungs(gpu("auto", true), true));
        assertEquals(
                List.of(
                        "gpu:0, float32, batched guidance",
                        "gpu:0, float32, sequential guidance",
                        "cpu, float32, sequential guidance"),
                rungs(gpu("auto", false), false));
        assertEquals(
                List.of("gpu:0, float32, batched guidance", "gpu:0, float32, sequential guidance"),
                rungs(gpu("gpu", false), false));
        assertEquals(
                List.of("cpu, float32, sequential guidance"),
                rungs(RunConfiguration.of(DeviceChoice.of("cpu")), false));
    }
}
