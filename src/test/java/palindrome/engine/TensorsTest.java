package palindrome.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.ij1.ChildJvm;

/** The dtype guard. What it must prevent ends the process, so it is tried in another one. */
class TensorsTest {

    private static final List<String> SAFE =
            List.of("FLOAT32", "FLOAT64", "FLOAT16", "UINT8", "INT32", "INT8", "INT64", "BOOLEAN");

    @TempDir
    private Path folder;

    @Test
    void noElementTypeEndsTheProcess() {
        final ChildJvm.Result result = child(EveryDataType.class);
        assertEquals(0, result.status(), result.out() + result.err());
        final Map<String, String> outcomes = Arrays.stream(result.out().split("\\R"))
                .filter(line -> line.startsWith("-- "))
                .map(line -> line.substring(3).split(": ", 2))
                .collect(Collectors.toMap(line -> line[0], line -> line[1]));
        for (final DataType type : DataType.values())
            for (final String way : EveryDataType.WAYS)
                assertEquals(
                        SAFE.contains(type.name()) ? "made" : "refused",
                        outcomes.get(type + " " + way),
                        type + " " + way + " in " + result.out());
        assertEquals("refused", outcomes.get("BFLOAT16 out of a kernel"), result.out());
    }

    @Test
    void foreignThreadsCanStartTheEngine() {
        final ChildJvm.Result result = child(ForeignThread.class);
        assertEquals(0, result.status(), result.out() + result.err());
        assertTrue(result.out().contains("-- 6.0 and the loader is back"), result.out() + result.err());
    }

    @Test
    void withoutItsNativesTheEngineSaysSo() {
        final String classPath = Arrays.stream(ChildJvm.testClassPath().split(java.io.File.pathSeparator))
                .filter(entry -> !entry.contains("pytorch-native") && !entry.contains("pytorch-jni"))
                .collect(Collectors.joining(java.io.File.pathSeparator));
        final ChildJvm.Result result = new ChildJvm(folder, classPath).run(Map.of(), WithoutNatives.class.getName());
        assertEquals(0, result.status(), result.out() + result.err());
        assertTrue(
                result.out().contains("-- PyTorch, which runs the networks, could not be started on "), result.out());
        assertEquals(2, result.out().split("-- ").length - 1, result.out());
    }

    private ChildJvm.Result child(final Class<?> program) {
        return new ChildJvm(folder, ChildJvm.testClassPath())
                .option("-DDJL_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"))
                .run(Map.of(), program.getName());
    }

    @Test
    void valuesAreKeptFromBuffersOfAnyPosition() {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            for (final boolean direct : new boolean[] {true, false}) {
                final ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(20) : ByteBuffer.allocate(20);
                buffer.order(ByteOrder.LITTLE_ENDIAN);
                for (int i = 0; i < 5; i++) buffer.putFloat(i + 0.5f);
                buffer.position(4).limit(16);
                assertArrayEquals(
                        new float[] {1.5f, 2.5f, 3.5f},
                        Tensors.of(manager, buffer, DataType.FLOAT32, 3).toFloatArray());
                assertEquals(4, buffer.position());
            }
        }
    }

    @Test
    void shapesMustFit() {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            assertThrows(IllegalArgumentException.class, () -> Tensors.of(manager, new float[5], 2, 3));
            assertThrows(IllegalArgumentException.class, () -> Tensors.of(manager, new double[5], -1));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Tensors.of(manager, ByteBuffer.allocateDirect(8), DataType.FLOAT32, 3));
        }
    }

    /** Tries every element type in every way there is. */
    static final class EveryDataType {

        static final List<String> WAYS = List.of("zeros", "buffer", "cast");

        private EveryDataType() {}

        public static void main(final String[] args) {
            try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                    Kernel kernel = Kernel.load(EveryDataType.class, "half.py", Map.of())) {
                final NDArray floats = Tensors.of(manager, new float[] {0, 1}, 2);
                for (final DataType type : DataType.values()) {
                    final int bytes = Math.max(0, 2 * type.getNumOfBytes());
                    report(type + " zeros", () -> Tensors.zeros(manager, type, 2));
                    report(type + " buffer", () -> Tensors.of(manager, ByteBuffer.allocateDirect(bytes), type, 2));
                    report(type + " cast", () -> Tensors.cast(floats, type));
                }
                final NDArray half = kernel.call("half", floats);
                report("BFLOAT16 out of a kernel", () -> Tensors.cast(half, DataType.FLOAT32));
            }
        }

        private static void report(final String way, final Supplier<NDArray> attempt) {
            try {
                final NDArray made = attempt.get();
                System.out.println("-- " + way + ": " + (made.getShape().size() == 2 ? "made" : "of another size"));
            } catch (final IllegalArgumentException exc) {
                System.out.println("-- " + way + ": refused");
            }
        }
    }

    /** Touches the engine first on a thread whose class loader knows neither DJL nor the plugin. */
    static final class ForeignThread {

        private ForeignThread() {}

        public static void main(final String[] args) throws InterruptedException {
            final List<String> lines = new ArrayList<>();
            final ClassLoader foreign = new java.net.URLClassLoader(new java.net.URL[0], null);
            final Thread thread = new Thread(() -> {
                try (NDManager manager = TorchEngine.start().newManager(Device.cpu());
                        Kernel kernel = Kernel.load(KernelTest.class, "affine.py", Map.of("FACTOR", 3.0))) {
                    final NDArray x = Tensors.of(manager, new float[] {1, 2}, 2);
                    final NDArray w = Tensors.of(manager, new float[] {2, 2}, 2);
                    lines.add("-- " + kernel.call("scale", x, w).toFloatArray()[0] + " and the loader is "
                            + (Thread.currentThread().getContextClassLoader() == foreign ? "back" : "lost"));
                }
            });
            thread.setContextClassLoader(foreign);
            thread.start();
            thread.join();
            lines.forEach(System.out::println);
        }
    }

    /** Asks twice, since the second answer must not be about a class that was not found. */
    static final class WithoutNatives {

        private WithoutNatives() {}

        public static void main(final String[] args) {
            for (int i = 0; i < 2; i++) {
                try {
                    TorchEngine.start();
                } catch (final IllegalStateException exc) {
                    System.out.println("-- " + exc.getMessage());
                }
            }
        }
    }
}
