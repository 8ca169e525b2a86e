package palindrome.guide;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.Tensors;
import palindrome.engine.TorchRandom;
import palindrome.model.DiffusersFolder;
import palindrome.model.DiffusionModel;
import palindrome.model.TinyModel;
import palindrome.network.Conditioning;
import palindrome.network.Windows;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.StepListener;

/** A network that sees windows of a state: a function of the state like any other. */
class WindowedNoiseTest {

    @TempDir
    private static Path folder;

    private static DiffusionModel model;
    private static NDManager scope;
    private static NodeGrid grid;
    private static Conditioning told;

    @BeforeAll
    static void open() throws IOException {
        model = DiffusionModel.open(
                DiffusersFolder.open(TinyModel.writeLatent(Files.createDirectory(folder.resolve("sd")))), Device.cpu());
        scope = model.manager().newSubManager();
        grid = model.scheduler().grid(5);
        told = model.towards("a cat", model.nativeSize(), scope);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static NDArray state(final int rows, final int columns) {
        final float[] noise = new TorchRandom(4).randn(4 * rows * columns);
        final double[] values = new double[noise.length];
        for (int i = 0; i < values.length; i++) values[i] = noise[i];
        return Tensors.of(scope, values, 1, 4, rows, columns);
    }

    private static ContextNoise network() {
        return NetworkNoise.of(model, grid, () -> {});
    }

    @Test
    void oneWindowThatCoversAllIsThePlainNetwork() {
        final NDArray state = state(9, 13);
        assertArrayEquals(
                network().epsilon(state, 3, told).toDoubleArray(),
                new WindowedNoise(network(), new Windows(13, 4))
                        .epsilon(state, 3, told)
                        .toDoubleArray());
    }

    @Test
    void farFromTheOthersAWindowSpeaksAlone() {
        final NDArray state = state(8, 22);
        final double[] corner = network()
                .epsilon(state.get(":, :, :, :8").duplicate(), 3, told)
                .get(":, :, :, :6")
                .toDoubleArray();
        final NDArray windowed = new WindowedNoise(network(), new Windows(8, 1)).epsilon(state, 3, told);
        assertEquals(state.getShape(), windowed.getShape());
        assertArrayEquals(corner, windowed.get(":, :, :, :6").toDoubleArray(), 1e-12);
    }

    @Test
    void everyWindowIsAskedOnceInTheSameOrder() {
        final List<Long> widths = new ArrayList<>();
        final ContextNoise counting = (state, node, context) -> {
            widths.add(state.getShape().get(3));
            return state.mul(2);
        };
        final NDArray state = state(14, 20);
        final Windows windows = new Windows(8, 2);
        final NDArray doubled = new WindowedNoise(counting, windows).epsilon(state, 1, told);
        assertEquals(windows.count(14, 20), widths.size());
        assertTrue(widths.stream().allMatch(width -> width == 8));
        assertArrayEquals(state.mul(2).toDoubleArray(), doubled.toDoubleArray(), 1e-14);
    }

    @ParameterizedTest
    @CsvSource({"O-BELM, 8, 2", "BDIA, 8, 2", "EDICT, 8, 4", "O-BELM, 5, 1"})
    void inversionIsExact(final String name, final int size, final int overlap) {
        final Sampler sampler = SamplerChoice.of(name).create(SamplerSettings.defaults());
        final ContextNoise noise = new WindowedNoise(network(), new Windows(size, overlap));
        final Predictor predictor = (state, node) -> noise.epsilon(state, node, told);
        // Multiples of 2^-24, as those of an image are.
        final NDArray state = state(14, 11).mul(0x1p24).round().div(0x1p24);
        try (Latent noisy = sampler.invert(state, grid, predictor, StepListener.NONE);
                Latent clean = sampler.sample(noisy, grid, predictor, StepListener.NONE)) {
            assertArrayEquals(state.toDoubleArray(), clean.image().toDoubleArray());
            assertFalse(noisy.value(0).contentEquals(clean.value(0)));
        }
    }
}
