package palindrome.evaluate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.StepListener;

/**
 * The error of a sampler on normally distributed data (mean 0.3, deviation 0.5), where the exact solution is known, on
 * nodes evenly spaced in the cube root of σ̄ from 0.05 to 14.
 */
final class AnalyticError {

    private static final GaussianData DATA = new GaussianData(0.3, 0.5);
    private static final double START = 1.1;
    private static final double LOW = 0.05;
    private static final double HIGH = 14;

    private AnalyticError() {}

    /** @return |x_0 − exact| from x_N = 1.1 */
    static double of(final SamplerChoice choice, final SamplerSettings settings, final int steps) {
        final NodeGrid grid = grid(steps);
        try (NDManager manager = TorchEngine.start().newManager(Device.cpu())) {
            final NDArray noise = Tensors.of(manager, new double[] {START}, 1, 1, 1, 1);
            final double image = choice.create(settings, new FloatingPoint())
                    .generate(noise, grid, DATA.predictor(grid), StepListener.NONE)
                    .image()
                    .toDoubleArray()[0];
            return Math.abs(image - DATA.exact(grid, START, steps, 0));
        }
    }

    private static NodeGrid grid(final int steps) {
        final double low = Math.cbrt(LOW);
        final double high = Math.cbrt(HIGH);
        final double[] alpha = new double[steps + 1];
        final double[] sigma = new double[steps + 1];
        for (int k = 0; k <= steps; k++) {
            final double sigmaBar = Math.pow(low + (double) k / steps * (high - low), 3);
            alpha[k] = 1 / Math.sqrt(1 + sigmaBar * sigmaBar);
            sigma[k] = sigmaBar * alpha[k];
        }
        return NodeGrid.ofNodes(alpha, sigma, new double[steps + 1]);
    }
}
