package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Optional;

/**
 * A one-step solver on its own: DPM-Solver++(2S), and EDM's Euler and Heun samplers, also with churn (Karras et al. 2022,
 * Algorithm 2), which raises a state to a higher noise level before each step.
 */
public final class OneStepMethod implements OneWayMethod {

    private final String name;
    private final OneStepSolver solver;
    private final Optional<Churn> churn;

    /** @param scale S_noise, deviation of the added noise relative to what the level asks for */
    private record Churn(double amount, double scale, NoiseSource source) {}

    private OneStepMethod(final String name, final OneStepSolver solver, final Optional<Churn> churn) {
        this.name = name;
        this.solver = solver;
        this.churn = churn;
    }

    /** @return DPM-Solver++(2S) */
    public static OneStepMethod dpmSolver() {
        return new OneStepMethod("DPM-Solver++ 2S", OneStepSolver.DPM_2S, Optional.empty());
    }

    /**
     * @param solver {@link OneStepSolver#EULER} or {@link OneStepSolver#HEUN}
     * @param spacing of the grid it will run on; its churn is added where it is above 0
     * @param noiseScale S_noise, 1 or a little more
     * @param source of the noise that churn adds
     * @return EDM's sampler
     */
    public static OneStepMethod edm(
            final OneStepSolver solver,
            final KarrasSpacing spacing,
            final double noiseScale,
            final NoiseSource source) {
        return new OneStepMethod(
                solver == OneStepSolver.HEUN ? "EDM Heun" : "EDM Euler",
                solver,
                spacing.churn() > 0 ? Optional.of(new Churn(spacing.churn(), noiseScale, source)) : Optional.empty());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int minimumSteps() {
        return 1;
    }

    @Override
    public int[] nodes(final NodeGrid grid) {
        return solver.nodes(grid);
    }

    @Override
    public int evaluations(final NodeGrid grid) {
        return evaluations(solver, grid);
    }

    /** @return evaluations of a walk with one at every node, and the solver's own in between */
    static int evaluations(final OneStepSolver solver, final NodeGrid grid) {
        final int[] nodes = solver.nodes(grid);
        int count = nodes.length - 1;
        for (int k = 1; k < nodes.length; k++) count += solver.extraEvaluations(grid, nodes[k], nodes[k - 1]);
        return count;
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return churn.map(c -> Map.of("churn", c.amount(), "churnNoise", c.scale()))
                .orElse(Map.of());
    }

    @Override
    public boolean isStochastic() {
        return churn.isPresent();
    }

    @Override
    public Walk begin(final NodeGrid grid, final Predictor network, final NDManager memory) {
        return (state, from, to) -> {
            final int level = to < from && churn.isPresent() ? grid.raised(from) : from;
            final NDArray raised = level == from ? state : raised(state, from, level, grid, churn.get());
            if (grid.alpha(level) == 0) return outOfNoise(raised, level, to, grid, network);
            // NB: in the image itself the network is asked at node 1.
            final NDArray epsilon = network.epsilon(raised, Math.max(level, 1));
            epsilon.attach(state.getManager());
            return solver.map(raised, epsilon, level, to, grid, network);
        };
    }

    /** DDIM's step, of any length, with the image that the network sees in noise alone. */
    private static NDArray outOfNoise(
            final NDArray state, final int from, final int to, final NodeGrid grid, final Predictor network) {
        final NDArray image = DataPrediction.of(state, from, grid, network);
        return OneStepSolver.combined(image, grid.alpha(to), state, grid.sigma(to) / grid.sigma(from));
    }

    /** x̄ + √(σ̄'² − σ̄²)·S_noise·z */
    private static NDArray raised(
            final NDArray state, final int from, final int level, final NodeGrid grid, final Churn churn) {
        final double added = Math.sqrt(square(grid.sigmaBar(level)) - square(grid.sigmaBar(from))) * churn.scale();
        final NDArray noise =
                churn.source().draw(state.getManager(), state.getShape().getShape());
        return OneStepSolver.combined(state, grid.alpha(level) / grid.alpha(from), noise, grid.alpha(level) * added);
    }

    private static double square(final double x) {
        return x * x;
    }
}
