package palindrome.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class GradientTest {

    @Test
    void gradientsAddUpUntilTheyAreCleared() {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray x = Tensors.of(manager, new double[] {1, -2, 3}, 3);
            x.setRequiresGradient(true);
            assertEquals(14, Gradient.backward(() -> x.square().sum()));
            assertArrayEquals(new double[] {2, -4, 6}, x.getGradient().toDoubleArray());
            final NDArray three = Tensors.number(manager, 3);
            assertEquals(42, Gradient.backward(() -> x.square().sum().mul(three)));
            assertArrayEquals(new double[] {8, -16, 24}, x.getGradient().toDoubleArray());
        }
    }

    /** What DJL makes of a Java number itself does not. */
    @Test
    void numbersOutliveTheirArrays() {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray x = Tensors.of(manager, new double[] {1, -2, 3}, 3);
            x.setRequiresGradient(true);
            Gradient.backward(() -> {
                final NDArray product;
                try (NDArray factor = Tensors.number(manager, 3);
                        NDArray divisor = Tensors.number(manager, 2)) {
                    product = x.mul(factor).square().div(divisor);
                }
                FreedMemory.overwrite();
                return product.sum();
            });
            assertArrayEquals(new double[] {9, -18, 27}, x.getGradient().toDoubleArray());
        }
    }

    /** All threads are inside at the same time, which DJL's collector refuses. */
    @Test
    void threadsDoNotDisturbEachOther() throws InterruptedException, ExecutionException {
        final int threads = 3;
        final CountDownLatch inside = new CountDownLatch(threads);
        final ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            final List<Future<double[]>> gradients = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                final double factor = i + 1;
                gradients.add(pool.submit(() -> {
                    try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
                        final NDArray x = Tensors.of(manager, new double[] {1, 2}, 2);
                        x.setRequiresGradient(true);
                        Gradient.backward(() -> {
                            final NDArray half = x.mul(Tensors.number(manager, factor));
                            inside.countDown();
                            try {
                                inside.await();
                            } catch (final InterruptedException exc) {
                                throw new IllegalStateException(exc);
                            }
                            return half.square().sum();
                        });
                        return x.getGradient().toDoubleArray();
                    }
                }));
            }
            for (int i = 0; i < threads; i++) {
                final double square = (i + 1) * (i + 1);
                assertArrayEquals(
                        new double[] {2 * square, 4 * square}, gradients.get(i).get());
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whatLeavesEarlyIsPassedOn() {
        assertThrows(
                CancellationException.class,
                () -> Gradient.backward(() -> {
                    throw new CancellationException();
                }));
    }
}
