package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import palindrome.engine.Tensors;

/**
 * DDIM (Song, Meng and Ermon 2021, eq. 12): η = 0 is deterministic, η = 1 the
 * ancestral sampler of DDPM. Its inversion runs the same steps backwards as if the
 * noise did not change over a step; that is approximate, and ignores η.
 */
public final class Ddim implements Sampler {

    private static final double SCALE = 1;

    private final String name;
    private final double eta;
    private final NoiseSource noiseSource;
    private final InversionLabel label;
    private final Arithmetic arithmetic;

    /**
     * @param eta η, from 0 to 1
     * @param noiseSource fresh noise, asked only where η is above 0
     * @param label where an inversion step asks the network
     * @param arithmetic how the states of a latent are kept; the steps are float64
     * @throws IllegalArgumentException if η is out of range
     */
    public Ddim(
            final double eta, final NoiseSource noiseSource, final InversionLabel label, final Arithmetic arithmetic) {
        this("DDIM", eta, noiseSource, label, arithmetic);
    }

    private Ddim(
            final String name,
            final double eta,
            final NoiseSource noiseSource,
            final InversionLabel label,
            final Arithmetic arithmetic) {
        if (!(eta >= 0 && eta <= 1))
            throw new IllegalArgumentException("Eta is " + eta + "; use a number from 0 (no fresh noise) to 1 (DDPM).");
        this.name = name;
        this.eta = eta;
        this.noiseSource = noiseSource;
        this.label = label;
        this.arithmetic = arithmetic;
    }

    /**
     * DDIM as null-text inversion walks it (Mokady et al. 2023): without fresh noise,
     * and asking at the node a step goes to. What leads back to the image are the
     * embeddings in the predictor, not this sampler.
     *
     * @param arithmetic how the states of a latent are kept; the steps are float64
     */
    public static Ddim pivotal(final Arithmetic arithmetic) {
        return new Ddim("Null-text", 0, new TorchNoise(0), InversionLabel.TARGET, arithmetic);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public int minimumSteps() {
        return 1;
    }

    @Override
    public int evaluationsPerStep() {
        return 1;
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return Map.of("eta", eta);
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        return List.of();
    }

    @Override
    public Latent invert(
            final NDArray image, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        return run(image, End.CLEAN, End.CLEAN, grid, predictor, listener);
    }

    @Override
    public Latent generate(
            final NDArray noise, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        return run(noise, End.NOISY, End.NOISY, grid, predictor, listener);
    }

    @Override
    public Latent invert(
            final Latent clean, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        return resume(clean, End.CLEAN, grid, predictor, listener);
    }

    @Override
    public Latent sample(
            final Latent noisy, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        return resume(noisy, End.NOISY, grid, predictor, listener);
    }

    private Latent resume(
            final Latent latent,
            final End from,
            final NodeGrid grid,
            final Predictor predictor,
            final StepListener listener) {
        final int node = from == End.CLEAN ? 0 : grid.steps();
        if (latent.end() != from || !latent.nodes().equals(List.of(node)))
            throw new IllegalArgumentException("The latent is not the "
                    + (from == End.CLEAN ? "clean" : "noisy") + " end of a DDIM run of " + grid.steps()
                    + " active steps; use the sampler, steps and strength it was made with.");
        try (NDArray value = latent.value(0)) {
            return run(value, from, latent.anchor(), grid, predictor, listener);
        }
    }

    private Latent run(
            final NDArray values,
            final End from,
            final End anchor,
            final NodeGrid grid,
            final Predictor predictor,
            final StepListener listener) {
        final NDManager owner = values.getManager();
        final NoiseAt noise = new NoiseAt(predictor, listener, grid);
        noise.expect(grid.steps());
        try (NDManager manager = owner.newSubManager()) {
            NDArray state = copy(values, manager);
            if (!isFinite(state)) throw SamplingException.unusableStart(from, null);
            for (int done = 0; done < grid.steps(); done++) {
                final int i = from == End.NOISY ? grid.steps() - done : done;
                try (NDManager step = manager.newSubManager()) {
                    step.tempAttachAll(state);
                    final NDArray next = from == End.NOISY
                            ? towardsData(state, i, grid, noise, step)
                            : towardsNoise(state, i, grid, noise, step);
                    requireFinite(next, noise, done, from == End.NOISY ? i : askedAt(i), grid);
                    next.attach(manager);
                    state.close();
                    state = next;
                }
            }
            final NDArray stored = arithmetic.store(state, SCALE);
            stored.attach(owner);
            final End to = from == End.NOISY ? End.CLEAN : End.NOISY;
            final int node = to == End.CLEAN ? 0 : grid.steps();
            return new Latent(List.of(stored), List.of(SCALE), List.of(node), to, anchor, arithmetic);
        }
    }

    /** x_(i−1) = (α_(i−1)/α_i)·x_i + (√(σ²_(i−1) − s²) − (α_(i−1)/α_i)·σ_i)·ε + s·z */
    private NDArray towardsData(
            final NDArray state, final int i, final NodeGrid grid, final NoiseAt noise, final NDManager step) {
        final double ratio = grid.alpha(i - 1) / grid.alpha(i);
        final double fresh = freshNoise(grid, i);
        final double direction = Math.sqrt(grid.sigma(i - 1) * grid.sigma(i - 1) - fresh * fresh);
        final NDArray epsilon = noise.epsilon(state, i);
        epsilon.attach(step);
        final NDArray next = state.mul(ratio).add(epsilon.mul(direction - ratio * grid.sigma(i)));
        if (fresh == 0) return next;
        return next.add(noiseSource.draw(step, state.getShape().getShape()).mul(fresh));
    }

    /** s = η·(σ_(i−1)/σ_i)·√(1 − α_i²/α_(i−1)²) */
    private double freshNoise(final NodeGrid grid, final int i) {
        final double ratio = grid.alpha(i) / grid.alpha(i - 1);
        return eta * grid.sigma(i - 1) / grid.sigma(i) * Math.sqrt(1 - ratio * ratio);
    }

    private NDArray towardsNoise(
            final NDArray state, final int i, final NodeGrid grid, final NoiseAt noise, final NDManager step) {
        final DdimStep ddim = DdimStep.of(grid, i, i + 1);
        final NDArray epsilon = noise.epsilon(state, askedAt(i));
        epsilon.attach(step);
        return state.mul(ddim.linear()).add(epsilon.mul(ddim.noise()));
    }

    /** The node at which an inversion step from node i asks the network. */
    private int askedAt(final int i) {
        return label == InversionLabel.SOURCE ? Math.max(i, 1) : i + 1;
    }

    private static NDArray copy(final NDArray values, final NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(values);
            final NDArray copy = Tensors.cast(values, DataType.FLOAT64).duplicate();
            copy.attach(manager);
            return copy;
        }
    }

    private static void requireFinite(
            final NDArray state, final NoiseAt noise, final int done, final int node, final NodeGrid grid) {
        if (!isFinite(state)) throw noise.notFinite("step " + (done + 1) + " of " + grid.steps(), node, null);
    }

    private static boolean isFinite(final NDArray state) {
        try (NDArray magnitude = state.abs();
                NDArray largest = magnitude.max()) {
            return Double.isFinite(largest.getDouble());
        }
    }
}
