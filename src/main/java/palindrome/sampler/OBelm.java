package palindrome.sampler;

import java.util.List;
import java.util.Map;

/**
 * O-BELM, the optimal bidirectional explicit linear multistep sampler (Wang et
 * al., "BELM: Bidirectional Explicit Linear Multi-step Sampler for Exact Inversion
 * in Diffusion Models", 2024, eq. 18). It is BDIA with the step-dependent
 * γ_i = (α_(i−1)/α_(i+1))·(h_i/h_(i+1))², which cancels the error terms up to
 * second order, and has no parameter.
 */
public final class OBelm implements ReversibleMethod {

    @Override
    public String name() {
        return "O-BELM";
    }

    @Override
    public int minimumSteps() {
        return TwoStep.MINIMUM_STEPS;
    }

    @Override
    public CouplingProgram program(final NodeGrid grid) {
        return TwoStep.program(grid, OneStepSolver.EULER, (cleaner, node, noisier) -> {
            final double ratio = grid.stepSize(node) / grid.stepSize(noisier);
            return grid.alpha(cleaner) / grid.alpha(noisier) * ratio * ratio;
        });
    }

    @Override
    public double amplification(final NodeGrid grid) {
        return TwoStep.amplification(program(grid));
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return Map.of();
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        return List.of();
    }

    @Override
    public String remedy(final NodeGrid grid, final double share) {
        return "Use a smaller guidance, another number of steps, or the sampler BDIA with gamma=auto.";
    }
}
