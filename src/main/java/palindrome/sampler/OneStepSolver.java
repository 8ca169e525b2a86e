package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * One-step methods for the probability-flow ODE dx̄/dσ̄ = ε, as maps of a state from one node to another, in either
 * direction. A map depends on nothing but the state, so BDIA can wrap it exactly.
 */
public enum OneStepSolver {

    /** DDIM (Song et al. 2021), which is also DPM-Solver++ 1 and, in σ̄, EDM's Euler step. */
    EULER(1) {
        @Override
        NDArray map(
                final NDArray state,
                final NDArray epsilon,
                final int from,
                final int to,
                final NodeGrid grid,
                final Predictor network) {
            final DdimStep step = DdimStep.of(grid, from, to);
            return combined(state, step.linear(), epsilon, step.noise());
        }
    },

    /**
     * Heun's method in σ̄ (Karras et al. 2022, Algorithm 1 without churn): the slope at both ends. A step to or
     * from a node without noise, where there is no slope, is Euler's.
     */
    HEUN(2) {
        @Override
        int extraEvaluations(final NodeGrid grid, final int from, final int to) {
            return grid.sigma(to) == 0 || grid.sigma(from) == 0 ? 0 : 1;
        }

        @Override
        NDArray map(
                final NDArray state,
                final NDArray epsilon,
                final int from,
                final int to,
                final NodeGrid grid,
                final Predictor network) {
            final DdimStep step = DdimStep.of(grid, from, to);
            final NDArray euler = combined(state, step.linear(), epsilon, step.noise());
            if (extraEvaluations(grid, from, to) == 0) return euler;
            try (euler;
                    NDArray second = network.epsilon(euler, to);
                    NDArray slopes = epsilon.add(second)) {
                return combined(state, step.linear(), slopes, step.noise() / 2);
            }
        }
    },

    /**
     * DPM-Solver++(2S) (Lu et al. 2022, Algorithm 1): steps over two intervals of the grid, with the clean image
     * predicted at its start and at the node in between. Where a single interval is left, at either end of the grid,
     * the step is of first order; so is the one to a node without noise, where log-SNR is infinite.
     */
    DPM_2S(2) {
        @Override
        int[] nodes(final NodeGrid grid) {
            final int first = grid.sigma(0) == 0 ? 1 : 0;
            final int pairs = (grid.steps() - first) / 2;
            final int rest = grid.steps() - first - 2 * pairs;
            final int[] nodes = new int[first + 1 + pairs + rest];
            for (int k = 0; k < nodes.length; k++)
                nodes[k] = Math.min(grid.steps(), k < first ? 0 : first + 2 * (k - first));
            return nodes;
        }

        @Override
        int extraEvaluations(final NodeGrid grid, final int from, final int to) {
            return Math.abs(to - from) - 1;
        }

        @Override
        NDArray map(
                final NDArray state,
                final NDArray epsilon,
                final int from,
                final int to,
                final NodeGrid grid,
                final Predictor network) {
            if (extraEvaluations(grid, from, to) == 0) return EULER.map(state, epsilon, from, to, grid, network);
            final int middle = (from + to) / 2;
            final double h = grid.logSnr(to) - grid.logSnr(from);
            final double r = (grid.logSnr(middle) - grid.logSnr(from)) / h;
            final double data = -grid.alpha(to) * Math.expm1(-h);
            final double first = data * (1 - 1 / (2 * r));
            final double second = data / (2 * r);
            final NDManager owner = state.getManager();
            try (NDManager scope = owner.newSubManager()) {
                scope.tempAttachAll(state, epsilon);
                final NDArray between = EULER.map(state, epsilon, from, middle, grid, network);
                final NDArray slope = network.epsilon(between, middle);
                slope.attach(scope);
                // D = (x − σε)/α at both nodes, written out in x and ε.
                final NDArray result = combined(
                                state,
                                grid.sigma(to) / grid.sigma(from) + first / grid.alpha(from),
                                epsilon,
                                -first * grid.sigma(from) / grid.alpha(from))
                        .add(combined(
                                between,
                                second / grid.alpha(middle),
                                slope,
                                -second * grid.sigma(middle) / grid.alpha(middle)));
                result.attach(owner);
                return result;
            }
        }
    };

    private final int order;

    OneStepSolver(final int order) {
        this.order = order;
    }

    /** @return order of accuracy */
    public int order() {
        return order;
    }

    /** @return nodes the steps go between, rising, 0 and N among them; the others are the solver's own */
    int[] nodes(final NodeGrid grid) {
        final int[] all = new int[grid.steps() + 1];
        for (int i = 0; i < all.length; i++) all[i] = i;
        return all;
    }

    /** @return network evaluations of a map besides that of ε at the state itself */
    int extraEvaluations(final NodeGrid grid, final int from, final int to) {
        return 0;
    }

    /**
     * @param state x at {@code from}, float64
     * @param epsilon ε(x), float64
     * @param from node of the state
     * @param to node to go to, a neighbour of {@code from} in {@link #nodes}
     * @param grid the nodes
     * @param network asked where the solver looks ahead
     * @return x at {@code to}, a new array in the manager of {@code state}
     */
    abstract NDArray map(NDArray state, NDArray epsilon, int from, int to, NodeGrid grid, Predictor network);

    /** a·x + b·y */
    static NDArray combined(final NDArray x, final double a, final NDArray y, final double b) {
        final NDArray result = x.mul(a);
        try (NDArray other = y.mul(b)) {
            return result.addi(other);
        }
    }
}
