package palindrome.sampler;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The general two-step bidirectional explicit linear multistep sampler (Wang et al. 2024, Proposition 2): with x̄ = x/α,
 *
 * <pre>x̄_(i−1) = a_i·x̄_(i+1) + (1 − a_i)·x̄_i − (h_i + a_i·h_(i+1))·ε_i</pre>
 *
 * consistent for any coefficients a_i, and exactly invertible where none is 0. DDIM, BDIA and O-BELM are special cases:
 * a = 0, a = γα_(i+1)/α_(i−1) and a = h_i²/h_(i+1)².
 */
public final class Belm implements ReversibleMethod {

    private final double[] coefficients;

    /**
     * @param coefficients a_i of every step, in the order of sampling (the noisiest first), N − 1 for N steps; or a single
     *          one for all steps; copied
     * @throws IllegalArgumentException if there is none, or one is 0 or not finite
     */
    public Belm(final double... coefficients) {
        if (coefficients.length == 0)
            throw new IllegalArgumentException("BELM has no coefficients; give one number for all steps, such as 0.5.");
        for (final double a : coefficients)
            if (a == 0 || !Double.isFinite(a))
                throw new IllegalArgumentException("A coefficient of BELM is " + a
                        + "; use finite numbers other than 0, at which the sampler is DDIM and has no inverse.");
        this.coefficients = coefficients.clone();
    }

    @Override
    public String name() {
        return "BELM";
    }

    @Override
    public int minimumSteps() {
        return TwoStep.MINIMUM_STEPS;
    }

    @Override
    public CouplingProgram program(final NodeGrid grid) {
        final int inner = grid.steps() - 1;
        if (coefficients.length != 1 && coefficients.length != inner)
            throw new IllegalArgumentException("BELM has " + coefficients.length + " coefficients for " + grid.steps()
                    + " active steps; give one for all, or " + inner + ".");
        return TwoStep.program(
                grid,
                OneStepSolver.EULER,
                (cleaner, node, noisier) -> at(inner - node) * grid.alpha(cleaner) / grid.alpha(noisier));
    }

    private double at(final int index) {
        return coefficients[Math.min(index, coefficients.length - 1)];
    }

    @Override
    public double amplification(final NodeGrid grid) {
        return TwoStep.amplification(program(grid));
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        final Map<String, Double> parameters = new HashMap<>();
        for (int k = 0; k < coefficients.length; k++)
            parameters.put(coefficients.length == 1 ? "a" : "a" + (k + 1), coefficients[k]);
        return parameters;
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        if (Arrays.stream(coefficients).allMatch(a -> a > 0 && a <= 1)) return List.of();
        return List.of("Coefficients of BELM outside of 0 to 1 let the alternation between steps grow while sampling;"
                + " check the image, and use O-BELM for the optimal ones.");
    }

    @Override
    public String remedy(final NodeGrid grid, final double share) {
        return "Use coefficients nearer to 1, fewer steps, or the sampler O-BELM.";
    }
}
