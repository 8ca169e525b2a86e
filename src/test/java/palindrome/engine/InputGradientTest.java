package palindrome.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InputGradientTest {

    private static final Path STATUS = Path.of("/proc/self/status");

    private static NDArray sumOfCubes(final NDArray x) {
        return x.pow(3).sum();
    }

    @Test
    void theGradientOfASumOfCubesIsThreeSquares() {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray x = Tensors.of(manager, new double[] {1, -2, 3, 0.5, 0, 1}, 2, 3);
            final NDArray gradient = InputGradient.of(InputGradientTest::sumOfCubes, x);
            assertEquals(x.getShape(), gradient.getShape());
            assertArrayEquals(new double[] {3, 12, 27, 0.75, 0, 3}, gradient.toDoubleArray(), 1e-15);
            // and the input is as it was: no part of a graph
            assertEquals(false, x.hasGradient());
        }
    }

    @Test
    void nothingButTheGradientStays() {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray x = Tensors.of(manager, new double[] {1, 2}, 2);
            final int before = manager.getManagedArrays().size();
            for (int i = 0; i < 3; i++)
                InputGradient.of(InputGradientTest::sumOfCubes, x).close();
            // a cast cuts the graph
            assertThrows(
                    EngineException.class,
                    () -> InputGradient.of(
                            y -> Tensors.cast(y, DataType.FLOAT32).sum(), x));
            assertThrows(
                    IllegalStateException.class,
                    () -> InputGradient.of(
                            y -> {
                                throw new IllegalStateException("stop");
                            },
                            x));
            assertEquals(before, manager.getManagedArrays().size());
        }
    }

    /** Also what autograd keeps between the input and the number, which no manager knows of. */
    @Test
    void theGraphIsFreed() throws IOException {
        assumeTrue(Files.exists(STATUS), "only Linux tells");
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray x = Tensors.zeros(manager, DataType.FLOAT64, 1 << 20);
            for (int i = 0; i < 5; i++)
                InputGradient.of(InputGradientTest::sumOfCubes, x).close();
            final long before = anonymousMegabytes();
            for (int i = 0; i < 40; i++)
                InputGradient.of(InputGradientTest::sumOfCubes, x).close();
            final long grown = anonymousMegabytes() - before;
            assertTrue(grown < 80, "40 graphs of at least 8 MB left " + grown + " MB");
        }
    }

    private static long anonymousMegabytes() throws IOException {
        return Files.readAllLines(STATUS).stream()
                        .filter(line -> line.startsWith("RssAnon:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024;
    }

    /** DJL's own collector refuses the second thread. */
    @Test
    void severalThreadsMayTakeGradientsAtOnce() {
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final List<Double> gradients = IntStream.range(0, 64)
                    .parallel()
                    .mapToObj(i -> {
                        try (NDManager own = manager.newSubManager()) {
                            final NDArray x = Tensors.of(own, new double[] {i}, 1);
                            return InputGradient.of(InputGradientTest::sumOfCubes, x)
                                    .getDouble(0);
                        }
                    })
                    .toList();
            for (int i = 0; i < gradients.size(); i++) assertEquals(3.0 * i * i, gradients.get(i), 1e-9);
        }
    }
}
