package palindrome.sampler;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists the bidirectionally explicit two-step schemes over a one-step solver. With
 * F and B its maps of x_i to the next cleaner and the next noisier node, every step is
 *
 * <pre>x_(i−1) = γ_i·(x_(i+1) − B(x_i)) + F(x_i)</pre>
 *
 * (BDIA: Zhang, Lewis and Kleijn 2024; Wang et al. 2024, eq. 38). The states of
 * every other node share a slot; the image is in slot 0.
 */
final class TwoStep {

    static final int MINIMUM_STEPS = 2;

    private TwoStep() {}

    /**
     * @param grid nodes
     * @param solver the one-step solver, which chooses those of the nodes to step between, at least 3
     * @param weight γ of each step
     */
    static CouplingProgram program(final NodeGrid grid, final OneStepSolver solver, final TwoStepWeight weight) {
        final int[] nodes = solver.nodes(grid);
        final int last = nodes.length - 1;
        if (last < MINIMUM_STEPS)
            throw new IllegalArgumentException("A two-step sampler needs at least " + MINIMUM_STEPS
                    + " steps, but the grid has " + last + ". Use more steps or a greater strength.");
        final List<Coupling> couplings = new ArrayList<>();
        for (int k = last - 1; k >= 1; k--) {
            final double gamma = weight.gamma(nodes[k - 1], nodes[k], nodes[k + 1]);
            couplings.add(new Coupling(
                    slot(k - 1), gamma, increment(grid, solver, nodes[k - 1], nodes[k], nodes[k + 1], gamma)));
        }
        final int noisiest = nodes[last];
        final int next = nodes[last - 1];
        return new CouplingProgram(
                couplings,
                SecondState.ddim(grid, slot(last), noisiest, next, noisiest),
                SecondState.ddim(grid, 0, 0, nodes[1], nodes[1]),
                slot(last) == 0 ? List.of(noisiest, next) : List.of(next, noisiest),
                List.of(0, nodes[1]));
    }

    /** @return the product of 1/γ_i, which inversion divides by */
    static double amplification(final CouplingProgram program) {
        double product = 1;
        for (final Coupling coupling : program.couplings()) product /= Math.abs(coupling.scale());
        return product;
    }

    private static int slot(final int index) {
        return index & 1;
    }

    /** Over DDIM, F − γB is one linear map. */
    private static Increment increment(
            final NodeGrid grid,
            final OneStepSolver solver,
            final int cleaner,
            final int node,
            final int noisier,
            final double gamma) {
        if (solver != OneStepSolver.EULER) return new TwoSidedIncrement(solver, grid, cleaner, node, noisier, gamma);
        final DdimStep towardsData = DdimStep.of(grid, node, cleaner);
        final DdimStep towardsNoise = DdimStep.of(grid, node, noisier);
        return new LinearIncrement(
                towardsData.linear() - gamma * towardsNoise.linear(),
                towardsData.noise() - gamma * towardsNoise.noise(),
                node);
    }
}
