package palindrome.sampler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Lists the bidirectionally explicit two-step schemes. With F and B the DDIM maps
 * of x_i to the next cleaner and the next noisier node, every step is
 *
 * <pre>x_(i−1) = γ_i·(x_(i+1) − B(x_i)) + F(x_i)</pre>
 *
 * (BDIA: Zhang, Lewis and Kleijn 2024; Wang et al. 2024, eq. 38). The states of
 * even nodes share slot 0, those of odd nodes slot 1.
 */
final class TwoStep {

    static final int MINIMUM_STEPS = 2;

    private TwoStep() {}

    static int slot(final int node) {
        return node & 1;
    }

    /**
     * @param grid nodes, at least 2 steps
     * @param gamma γ of node i, from 1 to N − 1
     */
    static CouplingProgram program(final NodeGrid grid, final IntToDoubleFunction gamma) {
        final int last = grid.steps();
        if (last < MINIMUM_STEPS)
            throw new IllegalArgumentException("A two-step sampler needs at least " + MINIMUM_STEPS
                    + " steps, but the grid has " + last + ". Use more steps or a greater strength.");
        final List<Coupling> couplings = new ArrayList<>();
        for (int i = last - 1; i >= 1; i--) {
            final double g = gamma.applyAsDouble(i);
            final DdimStep towardsData = DdimStep.of(grid, i, i - 1);
            final DdimStep towardsNoise = DdimStep.of(grid, i, i + 1);
            couplings.add(new Coupling(
                    slot(i - 1),
                    g,
                    towardsData.linear() - g * towardsNoise.linear(),
                    towardsData.noise() - g * towardsNoise.noise(),
                    i));
        }
        return new CouplingProgram(
                couplings,
                SecondState.ddim(grid, last, last - 1, last),
                SecondState.ddim(grid, 0, 1, 1),
                slot(last) == 0 ? List.of(last, last - 1) : List.of(last - 1, last),
                List.of(0, 1));
    }
}
