package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * F(v) − γ·B(v), with F and B a solver's maps to the next cleaner and the next noisier node: the increment of a
 * two-step scheme over any one-step solver.
 *
 * @param solver the maps
 * @param grid the nodes
 * @param cleaner node that F leads to
 * @param node node of v
 * @param noisier node that B leads to
 * @param gamma γ
 */
record TwoSidedIncrement(OneStepSolver solver, NodeGrid grid, int cleaner, int node, int noisier, double gamma)
        implements Increment {

    @Override
    public int evaluations() {
        return 1 + solver.extraEvaluations(grid, node, cleaner) + solver.extraEvaluations(grid, node, noisier);
    }

    @Override
    public NDArray of(final NDArray state, final Predictor network) {
        final NDManager owner = state.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray epsilon = network.epsilon(state, node);
            epsilon.attach(scope);
            final NDArray towardsData = solver.map(state, epsilon, node, cleaner, grid, network);
            final NDArray towardsNoise = solver.map(state, epsilon, node, noisier, grid, network);
            final NDArray increment = OneStepSolver.combined(towardsData, 1, towardsNoise, -gamma);
            increment.attach(owner);
            return increment;
        }
    }
}
