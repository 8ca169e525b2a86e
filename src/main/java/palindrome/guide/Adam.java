package palindrome.guide;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Map;
import palindrome.engine.Kernel;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/**
 * Adam (Kingma and Ba 2015) for one array, as {@code torch.optim.Adam} does it
 * with its usual β₁ = 0.9, β₂ = 0.999 and ε = 1e-8. Its moments belong to the
 * array's manager.
 */
final class Adam {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final NDArray array;
    private final double learningRate;
    private final NDArray first;
    private final NDArray second;
    private int steps;

    /**
     * @param array float32, requires a gradient
     * @param learningRate above 0
     */
    Adam(final NDArray array, final double learningRate) {
        this.array = array;
        this.learningRate = learningRate;
        final long[] shape = array.getShape().getShape();
        first = Tensors.zeros(array.getManager(), DataType.FLOAT32, shape);
        second = Tensors.zeros(array.getManager(), DataType.FLOAT32, shape);
    }

    /** Moves the array along its gradient, and clears that. */
    void step() {
        steps++;
        final double[] hyper = {learningRate / (1 - Math.pow(BETA1, steps)), Math.sqrt(1 - Math.pow(BETA2, steps))};
        try (NDManager host = TorchEngine.start().newManager(Device.cpu());
                NDArray gradient = array.getGradient()) {
            Kernels.ADAM
                    .call("update", array, gradient, first, second, Tensors.of(host, hyper, hyper.length))
                    .close();
        }
    }

    /** Compiled when first used. */
    private static final class Kernels {

        static final Kernel ADAM =
                Kernel.load(Adam.class, "adam.py", Map.of("BETA1", BETA1, "BETA2", BETA2, "EPSILON", EPSILON));
    }
}
