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

    /** The automatic coefficient: this damps well while sampling, */
    private static final double AUTO = 0.5;
    /** and on long grids it is as much greater as inversion needs not to amplify what alternates beyond this. */
    private static final double MAX_AUTO_AMPLIFICATION = 5;

    /** None where they are automatic. */
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

    private Belm() {
        coefficients = new double[0];
    }

    /** With one coefficient for all steps, chosen for the grid. */
    public static Belm auto() {
        return new Belm();
    }

    /** @param coefficients as above, or none for the automatic one */
    static Belm of(final List<Double> coefficients) {
        return coefficients.isEmpty()
                ? auto()
                : new Belm(
                        coefficients.stream().mapToDouble(Double::doubleValue).toArray());
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
        if (coefficients.length > 1 && coefficients.length != inner)
            throw new IllegalArgumentException("BELM has " + coefficients.length + " coefficients, but " + grid.steps()
                    + " active steps take " + inner + ": give as many, or one for all.");
        final double[] used = used(grid);
        return TwoStep.program(
                grid,
                OneStepSolver.EULER,
                (cleaner, node, noisier) ->
                        used[Math.min(inner - node, used.length - 1)] * grid.alpha(cleaner) / grid.alpha(noisier));
    }

    /** @return a_i as used on that grid, one a step or one for all */
    private double[] used(final NodeGrid grid) {
        return coefficients.length > 0 ? coefficients : new double[] {automatic(grid)};
    }

    private static double automatic(final NodeGrid grid) {
        final int inner = grid.steps() - 1;
        if (inner < 1) return AUTO;
        // What is amplified with coefficients of 1.
        double amplified = 1;
        for (int i = 1; i <= inner; i++) amplified *= grid.alpha(i + 1) / grid.alpha(i - 1);
        // NB: StrictMath, so that a latent opens on every machine.
        final double bounded = StrictMath.pow(amplified / MAX_AUTO_AMPLIFICATION, 1.0 / inner);
        return Math.min(1, Math.max(AUTO, bounded));
    }

    @Override
    public double amplification(final NodeGrid grid) {
        return TwoStep.amplification(program(grid));
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        final Map<String, Double> parameters = new HashMap<>();
        final double[] used = used(grid);
        for (int k = 0; k < used.length; k++) parameters.put(used.length == 1 ? "a" : "a" + (k + 1), used[k]);
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
