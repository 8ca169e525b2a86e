package palindrome.sampler;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * BDIA-DDIM, bidirectional integration approximation (Zhang, Lewis and Kleijn,
 * "Exact Diffusion Inversion via Bi-directional Integration Approximation", 2024).
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

    private final OptionalDouble gamma;

    private Bdia(final OptionalDouble gamma) {
        this.gamma = gamma;
    }

    /**
     * @param gamma γ, above 0 and at most 1
     * @throws IllegalArgumentException if it is out of range
     */
    public static Bdia of(final double gamma) {
        if (!(gamma > 0 && gamma <= 1))
            throw new IllegalArgumentException("Gamma is " + gamma
                    + "; use a number above 0 and at most 1, or auto. At 0 the sampler is DDIM and has no inverse.");
        return new Bdia(OptionalDouble.of(gamma));
    }

    /**
     * γ chosen for the grid: the value (σ₁/σ_N)^(1/(N−1)) at which a disturbance in
     * the directions where the data hardly vary neither grows nor shrinks from one
     * end to the other, but never under 0.9, so that inversion stays useful on
     * short grids.
     */
    public static Bdia auto() {
        return new Bdia(OptionalDouble.empty());
    }

    /** @return γ used on that grid, in (0, 1] */
    public double gamma(final NodeGrid grid) {
        if (gamma.isPresent()) return gamma.getAsDouble();
        if (grid.steps() < TwoStep.MINIMUM_STEPS) return 1;
        // NB: StrictMath, so that a latent opens on every machine.
        final double balanced = StrictMath.pow(grid.sigma(1) / grid.sigma(grid.steps()), 1.0 / (grid.steps() - 1));
        return Math.min(1, Math.max(MIN_AUTO_GAMMA, balanced));
    }

    @Override
    public String name() {
        return "BDIA";
    }

    @Override
    public int minimumSteps() {
        return TwoStep.MINIMUM_STEPS;
    }

    @Override
    public int evaluationsPerStep() {
        return 1;
    }

    @Override
    public CouplingProgram program(final NodeGrid grid) {
        final double constant = gamma(grid);
        return TwoStep.program(grid, node -> constant);
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return Map.of("gamma", gamma(grid));
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        final double amplification = Math.pow(gamma(grid), -grid.steps());
        if (amplification * MIN_DAMPING <= 1) return List.of();
        return List.of(String.format(
                Locale.ROOT,
                "Inverting %d steps with gamma %.3g amplifies small differences about %.1g times; the latent is exact"
                        + " but far from noise. Use gamma %.3g or above, or auto.",
                grid.steps(),
                gamma(grid),
                amplification,
                Math.pow(MIN_DAMPING, 1.0 / grid.steps())));
    }

    @Override
    public String remedy(final NodeGrid grid, final double share) {
        final double fitting = Math.ceil(Math.pow(gamma(grid), SAFETY * share) * 100) / 100;
        final int steps = (int) (SAFETY * share * grid.steps());
        return String.format(
                Locale.ROOT,
                "Use gamma %.2f or above%s.",
                Math.min(1, fitting),
                steps >= TwoStep.MINIMUM_STEPS ? ", or at most " + steps + " steps after strength" : "");
    }
}
