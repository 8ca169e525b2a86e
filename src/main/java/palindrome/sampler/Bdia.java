package palindrome.sampler;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * BDIA, bidirectional integration approximation (Zhang, Lewis and Kleijn, "Exact
 * Diffusion Inversion via Bi-directional Integration Approximation", 2024), over
 * DDIM as in the paper's main part, or over another one-step solver. The authors
 * published no formulas for the others; with increments Δ that depend on x_i
 * alone, theirs follow from BDIA's idea:
 * x_(i−1) = γx_(i+1) + (1−γ)x_i − γΔ(i→i+1) + Δ(i→i−1).
 * <p>
 * γ weights the backward re-integration of the step just taken: 1 is the
 * time-symmetric scheme of second order, smaller values damp its alternating mode
 * while sampling and amplify it by 1/γ a step while inverting.
 */
public final class Bdia implements ReversibleMethod {

    /** Below this, images change visibly where inversion is asked of the automatic γ. */
    private static final double MIN_AUTO_GAMMA = 0.9;
    /** γ^N under which inversion amplifies the alternating mode out of use. */
    private static final double MIN_DAMPING = 0.02;

    private static final double SAFETY = 0.9;

    private final String name;
    private final OneStepSolver solver;
    private final StateSpace space;
    private final OptionalDouble gamma;

    private Bdia(final String name, final OneStepSolver solver, final StateSpace space, final OptionalDouble gamma) {
        if (gamma.isPresent() && !(gamma.getAsDouble() > 0 && gamma.getAsDouble() <= 1))
            throw new IllegalArgumentException("Gamma is " + gamma.getAsDouble()
                    + "; use a number above 0 and at most 1, or auto. At 0 the sampler is DDIM and has no inverse.");
        this.name = name;
        this.solver = solver;
        this.space = space;
        this.gamma = gamma;
    }

    /**
     * Over DDIM, which is the same as over DPM-Solver++ 1.
     *
     * @param gamma γ, above 0 and at most 1
     * @throws IllegalArgumentException if it is out of range
     */
    public static Bdia of(final double gamma) {
        return overDdim(OptionalDouble.of(gamma));
    }

    /**
     * Over DDIM with γ chosen for the grid: the value at which a disturbance in
     * the directions where the data hardly vary neither grows nor shrinks from one
     * end to the other, (σ₁/σ_N)^(1/(N−1)), but never under 0.9, so that inversion
     * stays useful on short grids.
     */
    public static Bdia auto() {
        return overDdim(OptionalDouble.empty());
    }

    /** @param gamma γ in (0, 1], or empty for the automatic one */
    static Bdia overDdim(final OptionalDouble gamma) {
        return new Bdia("BDIA", OneStepSolver.EULER, StateSpace.VARIANCE_PRESERVING, gamma);
    }

    /** Over DPM-Solver++(2S); {@code gamma} as above. */
    static Bdia overDpmSolver(final OptionalDouble gamma) {
        return new Bdia("BDIA-DPM-Solver++ 2S", OneStepSolver.DPM_2S, StateSpace.VARIANCE_PRESERVING, gamma);
    }

    /** Over EDM's Euler steps, in EDM's coordinates; {@code gamma} as above. */
    static Bdia overEdmEuler(final OptionalDouble gamma) {
        return new Bdia("BDIA-EDM Euler", OneStepSolver.EULER, StateSpace.VARIANCE_EXPLODING, gamma);
    }

    /** Over EDM's Heun steps, in EDM's coordinates; {@code gamma} as above. */
    static Bdia overEdmHeun(final OptionalDouble gamma) {
        return new Bdia("BDIA-EDM Heun", OneStepSolver.HEUN, StateSpace.VARIANCE_EXPLODING, gamma);
    }

    /** @return γ used on that grid, in (0, 1] */
    public double gamma(final NodeGrid grid) {
        if (gamma.isPresent()) return gamma.getAsDouble();
        final int[] nodes = solver.nodes(grid);
        final int last = nodes.length - 1;
        if (last < TwoStep.MINIMUM_STEPS) return 1;
        // What the space itself contributes to the weight of a disturbance.
        double weight = 1;
        for (int k = 1; k < last; k++) weight *= space.inModelSpace(1, grid, nodes[k - 1], nodes[k + 1]);
        // NB: StrictMath, so that a latent opens on every machine.
        final double balanced =
                StrictMath.pow(grid.sigma(nodes[1]) / grid.sigma(nodes[last]) / weight, 1.0 / (last - 1));
        return Math.min(1, Math.max(MIN_AUTO_GAMMA, balanced));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int minimumSteps() {
        // A solver that takes two intervals a step needs one more for a second step.
        return solver == OneStepSolver.DPM_2S ? TwoStep.MINIMUM_STEPS + 1 : TwoStep.MINIMUM_STEPS;
    }

    @Override
    public CouplingProgram program(final NodeGrid grid) {
        final double constant = gamma(grid);
        return TwoStep.program(
                grid, solver, (cleaner, node, noisier) -> space.inModelSpace(constant, grid, cleaner, noisier));
    }

    @Override
    public double amplification(final NodeGrid grid) {
        return TwoStep.amplification(program(grid));
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return Map.of("gamma", gamma(grid));
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        final int steps = solver.nodes(grid).length - 1;
        final double amplification = Math.pow(gamma(grid), -steps);
        if (amplification * MIN_DAMPING <= 1) return List.of();
        return List.of(String.format(
                Locale.ROOT,
                "Inverting %d steps with gamma %.3g amplifies small differences about %.1g times; the latent is exact"
                        + " but far from noise. Use gamma %.3g or above, or auto.",
                steps,
                gamma(grid),
                amplification,
                Math.pow(MIN_DAMPING, 1.0 / steps)));
    }

    @Override
    public String remedy(final NodeGrid grid, final double share) {
        final double fitting = Math.ceil(Math.pow(gamma(grid), SAFETY * share) * 100) / 100;
        final int steps = (int) (SAFETY * share * grid.steps());
        return String.format(
                Locale.ROOT,
                "Use gamma %.2f or above%s.",
                Math.min(1, fitting),
                steps >= minimumSteps() ? ", or at most " + steps + " steps after strength" : "");
    }
}
