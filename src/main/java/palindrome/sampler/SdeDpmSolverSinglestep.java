package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;

/**
 * The SDE form of DPM-Solver++(2S). Lu et al. (2022) give those of first order and of 2M; this is the same exponential
 * integrator with the image predicted at the start and at the node in between, where a step of first order leads:
 *
 * <pre>D̃ = D_a + (D_m − D_a)·h/(2h_m),   h = λ_b − λ_a,  h_m = λ_m − λ_a</pre>
 *
 * Both evaluations lie on one path of the Brownian motion: what was drawn on the way to m is part of what is drawn on
 * the way to b. With draws of their own, as in other programs, the covariance of image and noise is missing, and the
 * distribution is of first order only.
 * <p>
 * Steps span two intervals of the grid; single ones that are left at its ends, and the step out of noise alone, where h is
 * infinite, are of first order.
 */
public final class SdeDpmSolverSinglestep implements OneWayMethod {

    private final NoiseSource noiseSource;

    /** @param noiseSource fresh noise, drawn twice in a step of two intervals */
    public SdeDpmSolverSinglestep(final NoiseSource noiseSource) {
        this.noiseSource = noiseSource;
    }

    @Override
    public String name() {
        return "SDE-DPM-Solver++ 2S";
    }

    @Override
    public int minimumSteps() {
        return 1;
    }

    @Override
    public int[] nodes(final NodeGrid grid) {
        return OneStepSolver.DPM_2S.nodes(grid);
    }

    @Override
    public int evaluations(final NodeGrid grid) {
        return OneStepMethod.evaluations(OneStepSolver.DPM_2S, grid);
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
            final NDArray image = DataPrediction.of(state, from, grid, network);
            if (from - to == 1 || grid.alpha(from) == 0)
                return SdeStep.of(grid, from, to).drawn(state, image, noiseSource);
            return towards(to, from - 1, state, from, image, grid, network);
        };
    }

    private NDArray towards(
            final int to,
            final int middle,
            final NDArray state,
            final int from,
            final NDArray image,
            final NodeGrid grid,
            final Predictor network) {
        final NDManager manager = state.getManager();
        final long[] shape = state.getShape().getShape();
        final SdeStep first = SdeStep.of(grid, from, middle);
        final SdeStep second = SdeStep.of(grid, middle, to);
        final NDArray drawn = noiseSource.draw(manager, shape).mul(first.fresh());
        final NDArray between = first.mean(state, image).add(drawn);
        final NDArray imageBetween = DataPrediction.of(between, middle, grid, network);
        final double share = (grid.logSnr(to) - grid.logSnr(from)) / (2 * (grid.logSnr(middle) - grid.logSnr(from)));
        final NDArray slope = OneStepSolver.combined(image, 1 - share, imageBetween, share);
        final NDArray noise =
                OneStepSolver.combined(drawn, second.linear(), noiseSource.draw(manager, shape), second.fresh());
        return SdeStep.of(grid, from, to).mean(state, slope).add(noise);
    }
}
