package palindrome.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import palindrome.engine.InputGradient;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

class WindowsTest {

    private NDManager manager;

    @BeforeEach
    void start() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private NDArray noise(final long... shape) {
        return Tensors.of(
                manager, new Random(3).doubles(new Shape(shape).size(), -1, 1).toArray(), shape);
    }

    @ParameterizedTest
    @CsvSource({
        "8, 2, 14, 5, 1",
        "8, 2, 9, 8, 2",
        "8, 0, 24, 16, 1",
        "8, 6, 30, 11, 3",
        "5, 1, 17, 23, 8",
        "64, 16, 129, 200, 8"
    })
    void weightsAddUpToOneEverywhere(
            final int size, final int overlap, final int rows, final int columns, final int factor) {
        final Windows windows = new Windows(size, overlap);
        final double[][] sums = new double[rows * factor][columns * factor];
        int lastEnd = 0;
        for (final Windows.Window window : windows.over(rows, columns, factor)) {
            assertEquals(Math.min(size, rows) * factor, window.rows().weights().length);
            for (int y = 0; y < window.rows().weights().length; y++)
                for (int x = 0; x < window.columns().weights().length; x++) {
                    final double weight =
                            window.rows().weights()[y] * window.columns().weights()[x];
                    assertTrue(weight > 0);
                    sums[window.rows().start() + y][window.columns().start() + x] += weight;
                }
            lastEnd = Math.max(lastEnd, window.columns().end());
        }
        assertEquals(columns * factor, lastEnd);
        for (final double[] row : sums) for (final double sum : row) assertEquals(1, sum, 1e-12);
        assertEquals(windows.over(rows, columns, 1).size(), windows.count(rows, columns));
    }

    @ParameterizedTest
    @CsvSource({
        "8, 2, 14, 2",
        "8, 2, 15, 3",
        "8, 2, 8, 1",
        "8, 2, 9, 2",
        "64, 16, 128, 3",
        "64, 16, 112, 2",
        "8, 0, 24, 3"
    })
    void neighboursOverlapAtLeastAsMuchAsAsked(final int size, final int overlap, final int length, final int count) {
        final List<Windows.Window> row = new Windows(size, overlap).over(1, length, 1);
        assertEquals(count, row.size());
        for (int i = 1; i < count; i++)
            assertTrue(row.get(i - 1).columns().end() - row.get(i).columns().start() >= overlap);
        assertEquals(0, row.get(0).columns().start());
        assertEquals(
                Math.max(length, Math.min(size, length)),
                row.get(count - 1).columns().end());
    }

    @Test
    void theIdentityInWindowsIsTheIdentity() {
        final NDArray x = noise(2, 3, 14, 11);
        final NDArray y = new WindowedMap(new Windows(8, 3), 1, 1).apply(x, window -> window.mul(2));
        assertArrayEquals(x.mul(2).toDoubleArray(), y.toDoubleArray(), 1e-14);
    }

    @Test
    void oneWindowIsTheMapItself() {
        final NDArray x = noise(1, 2, 6, 8);
        assertSame(x, new WindowedMap(Windows.whole(6, 8), 1, 1).apply(x, window -> window));
    }

    @Test
    void windowsOfACoarserGridLeadToAFinerOne() {
        final NDArray x = noise(1, 1, 20, 12);
        final NDArray halved = new WindowedMap(new Windows(4, 1), 2, 1)
                .apply(x, window -> window.get(":, :, 0::2, 0::2").duplicate());
        assertArrayEquals(x.get(":, :, 0::2, 0::2").toDoubleArray(), halved.toDoubleArray(), 1e-14);
        final NDArray doubled = new WindowedMap(new Windows(4, 1), 1, 2)
                .apply(halved, window -> window.repeat(2, 2).repeat(3, 2));
        assertArrayEquals(halved.repeat(2, 2).repeat(3, 2).toDoubleArray(), doubled.toDoubleArray(), 1e-14);
        assertThrows(IllegalArgumentException.class, () -> new WindowedMap(new Windows(4, 1), 2, 1)
                .apply(noise(1, 1, 21, 12), window -> window));
    }

    @Test
    void gradientsPass() {
        final NDArray x = noise(1, 2, 9, 9);
        final NDArray gradient = InputGradient.of(
                input -> new WindowedMap(new Windows(4, 1), 1, 1)
                        .apply(input, window -> window.mul(window))
                        .sum(),
                x);
        assertArrayEquals(x.mul(2).toDoubleArray(), gradient.toDoubleArray(), 1e-12);
    }

    @Test
    void nothingIsLeftBehind() {
        final NDArray x = noise(1, 2, 14, 11);
        final int before = manager.getManagedArrays().size();
        final NDArray y = new WindowedMap(new Windows(8, 3), 1, 1).apply(x, window -> window.mul(2));
        assertEquals(manager, y.getManager());
        assertEquals(before + 1, manager.getManagedArrays().size());
        assertThrows(CancellationException.class, () -> new WindowedMap(new Windows(8, 3), 1, 1).apply(x, window -> {
            throw new CancellationException();
        }));
        assertEquals(before + 1, manager.getManagedArrays().size());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "4, 4", "4, -1"})
    void windowsThatCoverNothingAreRefused(final int size, final int overlap) {
        assertThrows(IllegalArgumentException.class, () -> new Windows(size, overlap));
    }

    @Test
    void anAutoencoderInOneTileIsTheAutoencoder() throws IOException {
        try (AutoencoderKL whole = autoencoder()) {
            final NDArray image = image(40, 24);
            final TiledAutoencoder tiled = new TiledAutoencoder(whole, Windows.whole(10, 6));
            final NDArray latent = whole.encode(image, () -> {});
            assertArrayEquals(
                    latent.toFloatArray(), tiled.encode(image, () -> {}).toFloatArray());
            assertArrayEquals(
                    whole.decode(latent, () -> {}).toFloatArray(),
                    tiled.decode(latent, () -> {}).toFloatArray());
        }
    }

    @Test
    void anAutoencoderInTilesIsNearAndTheSameEveryTime() throws IOException {
        try (AutoencoderKL whole = autoencoder()) {
            final NDArray image = image(128, 96);
            final TiledAutoencoder tiled = new TiledAutoencoder(whole, new Windows(16, 4));
            final NDArray latent = tiled.encode(image, () -> {});
            assertEquals(new Shape(1, 4, 32, 24), latent.getShape());
            assertArrayEquals(
                    latent.toFloatArray(), tiled.encode(image, () -> {}).toFloatArray());
            assertEquals(
                    new Shape(1, 3, 128, 96), tiled.decode(latent, () -> {}).getShape());
            assertNear(whole.encode(image, () -> {}), latent);
            assertNear(whole.decode(latent, () -> {}), tiled.decode(latent, () -> {}));
        }
    }

    @Test
    void blendingHidesTheSeams() throws IOException {
        try (AutoencoderKL whole = autoencoder()) {
            final NDArray latent = Tensors.cast(noise(1, 4, 32, 16), DataType.FLOAT32);
            final NDArray blended = new TiledAutoencoder(whole, new Windows(16, 4)).decode(latent, () -> {});
            final NDArray cut = new TiledAutoencoder(whole, new Windows(16, 0)).decode(latent, () -> {});
            // The border of two cut tiles.
            assertTrue(step(blended, 64) < 0.8 * step(cut, 64), step(blended, 64) + " and " + step(cut, 64));
            // Borders of the blended ones, against the same places of the image in one piece.
            final NDArray one = whole.decode(latent, () -> {});
            for (final int row : new int[] {32, 64, 96})
                assertTrue(step(blended, row) < 1.5 * step(one, row), step(blended, row) + " and " + step(one, row));
        }
    }

    private static double step(final NDArray image, final int row) {
        return image.get(":, :, " + row)
                .sub(image.get(":, :, " + (row - 1)))
                .abs()
                .mean()
                .getFloat();
    }

    /** Tiles have their own norms and borders: near in the mean, not equal. */
    private static void assertNear(final NDArray expected, final NDArray actual) {
        final double difference = expected.sub(actual).square().mean().getFloat();
        final double power = expected.sub(expected.mean()).square().mean().getFloat();
        assertTrue(difference > 0 && difference < 0.5 * power, difference + " of " + power);
    }

    private AutoencoderKL autoencoder() throws IOException {
        return new AutoencoderKL(
                AutoencoderKLConfig.fromJson(ReferenceTensors.json("vae/config.json")),
                ReferenceTensors.read(manager, DataType.FLOAT32, "vae/diffusion_pytorch_model.safetensors"));
    }

    private NDArray image(final int height, final int width) {
        return Tensors.cast(noise(1, 3, height, width), DataType.FLOAT32);
    }
}
