package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.Map;
import palindrome.sampler.FloatingPoint;
import palindrome.sampler.KarrasSpacing;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Sampler;
import palindrome.sampler.SamplerChoice;
import palindrome.sampler.SamplerSettings;
import palindrome.sampler.StepListener;

/**
 * The image that the probability-flow ODE leads a noise to, as nearly as many small steps tell: EDM's Heun steps
 * (Karras et al. 2022) in float64. They are of second order, need no second state, and put their levels where the
 * path bends; and they belong to none of the families that are compared with it. Samplers begin at different noise
 * levels, so there is one solution for each.
 */
final class FineSolution {

    private static final SamplerChoice METHOD = SamplerChoice.EDM_HEUN;
    private static final int COARSER = 2;

    private final NDArray noise;
    private final int steps;
    private final Map<Double, Solution> solutions = new HashMap<>();

    /**
     * A solution.
     *
     * @param image [1, C, H, W] in row-major order
     * @param uncertainty rms distance to the solution of half as many steps, which is about three times the error of
     *          this one
     */
    record Solution(double[] image, double uncertainty) {}

    /**
     * @param noise standard normal, float64 [1, C, H, W]; stays the caller's
     * @param steps number of Heun steps, at least 4
     */
    FineSolution(final NDArray noise, final int steps) {
        this.noise = noise;
        this.steps = steps;
    }

    /** @return evaluations of the predictor that one solution takes */
    static int evaluations(final int steps) {
        return 2 * (steps + steps / COARSER);
    }

    /**
     * @param subject always of the same model, prompt and guidance, since solutions are kept
     * @param grid where the sampler to be compared begins: at its noisiest node
     */
    Solution from(final Subject subject, final NodeGrid grid) {
        final double sigmaBar = grid.sigmaBar(grid.steps());
        if (Double.isInfinite(sigmaBar))
            throw new IllegalArgumentException(
                    "The noise schedule ends in noise alone, from where the ODE has no unique solution.");
        return solutions.computeIfAbsent(sigmaBar, start -> {
            final double[] fine = solve(subject, start, steps);
            return new Solution(fine, OdeError.rms(fine, solve(subject, start, steps / COARSER)));
        });
    }

    private double[] solve(final Subject subject, final double start, final int count) {
        final KarrasSpacing usual = KarrasSpacing.DEFAULT;
        final KarrasSpacing spacing = new KarrasSpacing(
                Math.min(usual.sigmaMin(), start / 2),
                start,
                usual.rho(),
                usual.churn(),
                usual.churnMin(),
                usual.churnMax());
        final Sampler sampler = METHOD.create(SamplerSettings.defaults(), new FloatingPoint());
        final NodeGrid grid = NodeGrid.karras(subject.model().scheduler().schedule(), count, spacing);
        try (NDManager manager = subject.model().manager().newSubManager()) {
            final NDArray state = noise.duplicate();
            state.attach(manager);
            return sampler.generate(state, grid, subject.predictor(grid, manager), StepListener.NONE)
                    .image()
                    .toDoubleArray();
        }
    }
}
