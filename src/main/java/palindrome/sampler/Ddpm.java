package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;

/**
 * The ancestral sampler (Ho, Jain and Abbeel 2020, Algorithm 2, between any two nodes): a draw from the posterior
 * q(x_(i−1) | x_i, x̂₀), or from one as wide as the step to noise. The step to a noise-free node draws nothing.
 */
public final class Ddpm implements OneWayMethod {

    private final NoiseSource noiseSource;

    private final DdpmVariance variance;

    /**
     * @param noiseSource fresh noise
     * @param variance how much of it
     */
    public Ddpm(final NoiseSource noiseSource, final DdpmVariance variance) {
        this.noiseSource = noiseSource;
        this.variance = variance;
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
        return Map.of("fixedLarge", variance == DdpmVariance.FIXED_LARGE ? 1.0 : 0.0);
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
            final double fresh = Math.sqrt(variance.of(1 - kept, powerRatio));
            if (fresh == 0) return mean;
            final NDArray noise =
                    noiseSource.draw(state.getManager(), state.getShape().getShape());
            return OneStepSolver.combined(mean, 1, noise, fresh);
        };
    }

    private static double square(final double x) {
        return x * x;
    }
}
