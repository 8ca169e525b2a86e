package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;

/**
 * DDIM (Song, Meng and Ermon 2021, eq. 12): η = 0 is deterministic, η = 1 the
 * ancestral sampler of DDPM.
 */
public final class Ddim implements OneWayMethod {

    private final String name;
    private final double eta;
    private final NoiseSource noiseSource;
    private final InversionLabel label;

    /**
     * @param eta η, from 0 to 1
     * @param noiseSource fresh noise, asked only where η is above 0
     * @param label where an inversion step asks the network
     * @throws IllegalArgumentException if η is out of range
     */
    public Ddim(final double eta, final NoiseSource noiseSource, final InversionLabel label) {
        this("DDIM", eta, noiseSource, label);
    }

    private Ddim(final String name, final double eta, final NoiseSource noiseSource, final InversionLabel label) {
        if (!(eta >= 0 && eta <= 1))
            throw new IllegalArgumentException("Eta is " + eta + "; use a number from 0 (no fresh noise) to 1 (DDPM).");
        this.name = name;
        this.eta = eta;
        this.noiseSource = noiseSource;
        this.label = label;
    }

    /**
     * DDIM as null-text inversion walks it (Mokady et al. 2023): without fresh noise,
     * and asking at the node a step goes to. What leads back to the image are the
     * embeddings in the predictor, not this method.
     */
    public static Ddim pivotal() {
        return new Ddim("Null-text", 0, new TorchNoise(0), InversionLabel.TARGET);
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
        return OneStepSolver.EULER.nodes(grid);
    }

    @Override
    public int evaluations(final NodeGrid grid) {
        return grid.steps();
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return Map.of("eta", eta);
    }

    @Override
    public boolean isStochastic() {
        return eta > 0;
    }

    @Override
    public Walk begin(final NodeGrid grid, final Predictor network, final NDManager memory) {
        return (state, from, to) ->
                to < from ? towardsData(state, from, grid, network) : towardsNoise(state, from, grid, network);
    }

    private NDArray towardsData(final NDArray state, final int i, final NodeGrid grid, final Predictor network) {
        final EtaStep step = EtaStep.of(grid, i, eta);
        final NDArray mean = step.mean(state, network);
        if (step.fresh() == 0) return mean;
        final NDArray noise =
                noiseSource.draw(state.getManager(), state.getShape().getShape());
        return OneStepSolver.combined(mean, 1, noise, step.fresh());
    }

    private NDArray towardsNoise(final NDArray state, final int i, final NodeGrid grid, final Predictor network) {
        final int asked = label == InversionLabel.SOURCE ? Math.max(i, 1) : i + 1;
        try (NDArray epsilon = network.epsilon(state, asked)) {
            final DdimStep step = DdimStep.of(grid, i, i + 1);
            return OneStepSolver.combined(state, step.linear(), epsilon, step.noise());
        }
    }
}
