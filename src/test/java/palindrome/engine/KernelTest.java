package palindrome.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class KernelTest {

    @Test
    void methodsRunWithTheirConstants() {
        try (Kernel kernel = Kernel.load(KernelTest.class, "affine.py", Map.of("FACTOR", 3.0));
                NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray x = Tensors.of(manager, new float[] {1, 2}, 2);
            assertArrayEquals(new float[] {3, 12}, kernel.call("scale", x, x).toFloatArray());
            final NDList both = kernel.callForList("both", x);
            assertEquals(2, both.size());
            assertEquals(3 / (1 + Math.exp(-1)), both.get(1).toFloatArray()[0], 1e-6);
        }
    }

    @Test
    void aLackOfMemoryIsToldFromOtherFailures() {
        try (Kernel kernel = Kernel.load(KernelTest.class, "large.py", Map.of());
                NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray x = Tensors.of(manager, new float[] {1, 2}, 2);
            final TensorMemoryException exc = assertThrows(TensorMemoryException.class, () -> kernel.call("large", x));
            assertTrue(exc.getMessage().startsWith("There is not enough memory for an image of this size."));
            final EngineException wrong = assertThrows(EngineException.class, () -> kernel.call("wrong", x));
            assertTrue(TensorMemoryException.isLackOfMemory(exc));
            assertFalse(TensorMemoryException.isLackOfMemory(wrong));
            assertFalse(TensorMemoryException.isLackOfMemory(new IllegalStateException("out of memory")));
        }
    }

    @Test
    void gradientsFlowToWeightsPassedIn() {
        try (Kernel kernel = Kernel.load(KernelTest.class, "affine.py", Map.of("FACTOR", 3.0));
                NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray x = Tensors.of(manager, new float[] {1, 2}, 2);
            final NDArray w = Tensors.of(manager, new float[] {5, 7}, 2);
            w.setRequiresGradient(true);
            try (GradientCollector collector = TorchEngine.start().newGradientCollector()) {
                collector.backward(kernel.call("scale", x, w).sum());
            }
            assertArrayEquals(new float[] {3, 6}, w.getGradient().toFloatArray());
        }
    }

    @Test
    void watchesSeeTheirThreadsCallsAndStopThem() {
        final List<String> seen = new ArrayList<>();
        final KernelWatch outer = new KernelWatch() {

            @Override
            public void before(final String kernel, final String method) {
                seen.add("before " + kernel + " " + method);
            }

            @Override
            public void after(final String kernel, final String method) {
                seen.add("after " + method);
            }
        };
        final KernelWatch stop = (kernel, method) -> {
            if (method.equals("both")) throw new CancellationException();
        };
        try (Kernel kernel = Kernel.load(KernelTest.class, "affine.py", Map.of("FACTOR", 3.0));
                NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray x = Tensors.of(manager, new float[] {1, 2}, 2);
            outer.during(() -> {
                assertThrows(CancellationException.class, () -> stop.during(() -> kernel.callForList("both", x)));
                final int arrays = manager.getManagedArrays().size();
                assertThrows(CancellationException.class, () -> stop.during(() -> kernel.callForList("both", x)));
                assertEquals(arrays, manager.getManagedArrays().size(), "a stopped call left an array");
                return stop.during(() -> kernel.call("scale", x, x));
            });
            assertEquals(List.of("before affine.py scale", "after scale"), seen);
            outer.during(() -> {
                final Thread other = new Thread(() -> kernel.call("scale", x, x));
                other.start();
                return joined(other);
            });
            kernel.call("scale", x, x);
            assertEquals(2, seen.size(), "calls of another thread, or after the work, were seen");
        }
    }

    private static Thread joined(final Thread thread) {
        try {
            thread.join();
            return thread;
        } catch (final InterruptedException exc) {
            throw new IllegalStateException(exc);
        }
    }

    @Test
    void anUnfilledConstantIsNamed() {
        final IllegalArgumentException exc = assertThrows(
                IllegalArgumentException.class, () -> Kernel.load(KernelTest.class, "affine.py", Map.of()));
        assertTrue(exc.getMessage().contains("@FACTOR@"), exc.getMessage());
    }
}
