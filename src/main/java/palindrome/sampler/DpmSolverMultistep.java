package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Optional;

/**
 * DPM-Solver++ of first order and (2M), and their SDE forms (Lu et al., "DPM-Solver++", 2022, Algorithm 2 and
 * Appendix B; the midpoint rule of the authors' code). With λ the log-SNR, h its step and D the predicted image,
 *
 * <pre>ODE:  x_b = (σ_b/σ_a)·x_a + α_b(1 − e^(−h))·D̃
 * SDE:  x_b = (σ_b/σ_a)e^(−h)·x_a + α_b(1 − e^(−2h))·D̃ + σ_b√(1 − e^(−2h))·z</pre>
 *
 * where D̃ = D at first order, and D + (D − D_before)/2r, r = h_before/h, for 2M, except in the first step and in a step
 * to or from a node without noise, where h is infinite.
 */
public final class DpmSolverMultistep implements OneWayMethod {

    private final int order;
    private final Optional<NoiseSource> noiseSource;

    private DpmSolverMultistep(final int order, final Optional<NoiseSource> noiseSource) {
        this.order = order;
        this.noiseSource = noiseSource;
    }

    /** @return first order, which is DDIM written in the predicted image */
    public static DpmSolverMultistep first() {
        return new DpmSolverMultistep(1, Optional.empty());
    }

    /** @return 2M */
    public static DpmSolverMultistep second() {
        return new DpmSolverMultistep(2, Optional.empty());
    }

    /** @return the SDE form of first order, which is DDPM */
    public static DpmSolverMultistep firstSde(final NoiseSource noise) {
        return new DpmSolverMultistep(1, Optional.of(noise));
    }

    /** @return the SDE form of 2M */
    public static DpmSolverMultistep secondSde(final NoiseSource noise) {
        return new DpmSolverMultistep(2, Optional.of(noise));
    }

    @Override
    public String name() {
        return (isStochastic() ? "SDE-DPM-Solver++ " : "DPM-Solver++ ") + (order == 1 ? "1" : "2M");
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
        return noiseSource.isPresent();
    }

    @Override
    public Walk begin(final NodeGrid grid, final Predictor network, final NDManager memory) {
        return new Steps(grid, network, memory);
    }

    /** Remembers the image predicted one step before. */
    private final class Steps implements Walk {

        private final NodeGrid grid;
        private final Predictor network;
        private final NDManager memory;
        private NDArray before;
        private double logSnrBefore;

        Steps(final NodeGrid grid, final Predictor network, final NDManager memory) {
            this.grid = grid;
            this.network = network;
            this.memory = memory;
        }

        @Override
        public NDArray step(final NDArray state, final int from, final int to) {
            if (grid.sigma(from) == 0) return outOfTheImage(state, from, to);
            final double h = grid.logSnr(to) - grid.logSnr(from);
            final NDArray image = DataPrediction.of(state, from, grid, network);
            final NDArray slope = order == 2 && before != null && Double.isFinite(h) && Double.isFinite(logSnrBefore)
                    ? extrapolated(image, h / (2 * (grid.logSnr(from) - logSnrBefore)))
                    : image;
            final NDArray moved = noiseSource
                    .map(source -> SdeStep.of(grid, from, to).drawn(state, slope, source))
                    .orElseGet(() -> OneStepSolver.combined(
                            state, grid.sigma(to) / grid.sigma(from), slope, -grid.alpha(to) * Math.expm1(-h)));
            remember(image, from);
            return moved;
        }

        /** D + (D − D_before)·factor */
        private NDArray extrapolated(final NDArray image, final double factor) {
            return OneStepSolver.combined(image, 1 + factor, before, -factor);
        }

        /** The first step of an approximate inversion: in the image itself there is no log-SNR to step from. */
        private NDArray outOfTheImage(final NDArray state, final int from, final int to) {
            try (NDArray epsilon = network.epsilon(state, to)) {
                final DdimStep step = DdimStep.of(grid, from, to);
                return OneStepSolver.combined(state, step.linear(), epsilon, step.noise());
            }
        }

        private void remember(final NDArray image, final int node) {
            if (before != null) before.close();
            image.attach(memory);
            before = image;
            logSnrBefore = grid.logSnr(node);
        }
    }
}
