package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;

/**
 * The ancestral sampler (Ho, Jain and Abbeel 2020, Algorithm 2, between any two nodes): a draw from the posterior
 * q(x_(i−1) | x_i, x̂₀), whose variance is diffusers' {@code fixed_small}. The step to a noise-free node draws nothing.
 */
public final class Ddpm implements OneWayMethod {

    private final NoiseSource noiseSource;

    /** @param noiseSource fresh noise */
    public Ddpm(final NoiseSource noiseSource) {
        this.noiseSource = noiseSource;
    }

    @Override
    public String name() {
        return "DDPM";
    }

    @Override
    public int minimumSteps() {
        return 1;
    }

    @Override
    public int[] nodes(final NodeGrid grid) {
        return OneStepSolver.EULER.nodes(grid);
    }

    @Override
    public int evaluations(final NodeGrid grid) {
        return grid.steps();
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return Map.of();
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    @Override
    public Walk begin(final NodeGrid grid, final Predictor network, final NDManager memory) {
        return (state, from, to) -> {
            final double kept = square(grid.alpha(from) / grid.alpha(to));
            final double powerRatio = square(grid.sigma(to) / grid.sigma(from));
            final NDArray image = DataPrediction.of(state, from, grid, network);
            final NDArray mean = OneStepSolver.combined(
                    image, grid.alpha(to) * (1 - kept) / square(grid.sigma(from)), state, Math.sqrt(kept) * powerRatio);
            final double variance = powerRatio * (1 - kept);
            if (variance == 0) return mean;
            final NDArray noise =
                    noiseSource.draw(state.getManager(), state.getShape().getShape());
            return OneStepSolver.combined(mean, 1, noise, Math.sqrt(variance));
        };
    }

    private static double square(final double x) {
        return x * x;
    }
}
