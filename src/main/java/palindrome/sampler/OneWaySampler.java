package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;
import palindrome.engine.Tensors;

/**
 * A sampler without an exact inverse: runs the steps of a method in float64. Inversion runs a deterministic method's
 * steps towards the noise, as if its noise did not change over a step, which is approximate.
 */
public final class OneWaySampler implements Sampler {

    private static final double SCALE = 1;

    private final OneWayMethod method;
    private final Arithmetic arithmetic;

    /**
     * @param method how to step
     * @param arithmetic how the state of a latent is kept; the steps are float64
     */
    public OneWaySampler(final OneWayMethod method, final Arithmetic arithmetic) {
        this.method = method;
        this.arithmetic = arithmetic;
    }

    /**
     * @param blend what is known of the image on the way
     * @return this sampler, held to it after every step
     */
    public OneWaySampler holding(final StateBlend blend) {
        return new OneWaySampler(new BlendedMethod(method, blend), arithmetic);
    }

    @Override
    public String name() {
        return method.name();
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public int minimumSteps() {
        return method.minimumSteps();
    }

    @Override
    public int evaluations(final NodeGrid grid) {
        return method.evaluations(grid);
    }

    @Override
    public double amplification(final NodeGrid grid) {
        return 1;
    }

    @Override
    public Map<String, Double> parameters(final NodeGrid grid) {
        return method.parameters(grid);
    }

    @Override
    public List<String> warnings(final NodeGrid grid) {
        return method.warnings(grid);
    }

    @Override
    public Latent invert(
            final NDArray image, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        return run(image, End.CLEAN, End.CLEAN, grid, predictor, StateExchange.NONE, listener);
    }

    @Override
    public Latent generate(
            final NDArray noise, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        return run(noise, End.NOISY, End.NOISY, grid, predictor, StateExchange.NONE, listener);
    }

    @Override
    public Latent invert(
            final Latent clean, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        return resume(clean, End.CLEAN, grid, predictor, StateExchange.NONE, listener);
    }

    @Override
    public Latent sample(
            final Latent noisy,
            final NodeGrid grid,
            final Predictor predictor,
            final StateExchange exchange,
            final StepListener listener) {
        return resume(noisy, End.NOISY, grid, predictor, exchange, listener);
    }

    private Latent resume(
            final Latent latent,
            final End from,
            final NodeGrid grid,
            final Predictor predictor,
            final StateExchange exchange,
            final StepListener listener) {
        final int node = from == End.CLEAN ? 0 : grid.steps();
        if (latent.end() != from || !latent.nodes().equals(List.of(node)))
            throw new IllegalArgumentException("The latent is not the "
                    + (from == End.CLEAN ? "clean" : "noisy") + " end of a " + name() + " run of " + grid.steps()
                    + " active steps; use the sampler, steps and strength it was made with.");
        try (NDArray value = latent.value(0)) {
            return run(value, from, latent.anchor(), grid, predictor, exchange, listener);
        }
    }

    private Latent run(
            final NDArray values,
            final End from,
            final End anchor,
            final NodeGrid grid,
            final Predictor predictor,
            final StateExchange exchange,
            final StepListener listener) {
        if (from == End.CLEAN && method.isStochastic())
            throw new IllegalArgumentException(
                    name() + " draws fresh noise at every step, so nothing leads back from an"
                            + " image. Use Cycle-SDE, which records its noise, or O-BELM.");
        final NDManager owner = values.getManager();
        final NoiseAt noise = new NoiseAt(predictor, listener, grid);
        noise.expect(method.evaluations(grid));
        final int[] nodes = method.nodes(grid);
        final int last = nodes.length - 1;
        try (NDManager manager = owner.newSubManager()) {
            final OneWayMethod.Walk walk = method.begin(grid, noise, manager);
            NDArray state = copy(values, manager);
            if (!isFinite(state)) throw SamplingException.unusableStart(from, null);
            for (int done = 0; done < last; done++) {
                final int here = nodes[from == End.NOISY ? last - done : done];
                final int next = nodes[from == End.NOISY ? last - done - 1 : done + 1];
                try (NDManager step = manager.newSubManager()) {
                    step.tempAttachAll(state);
                    final NDArray moved = walk.step(state, here, next);
                    if (!isFinite(moved))
                        throw noise.notFinite("step " + (done + 1) + " of " + last, noise.lastNode(), null);
                    final NDArray kept = exchange.exchanged(moved);
                    kept.attach(manager);
                    state.close();
                    state = kept;
                }
            }
            final NDArray stored = arithmetic.store(state, SCALE);
            stored.attach(owner);
            final End to = from == End.NOISY ? End.CLEAN : End.NOISY;
            final int node = to == End.CLEAN ? 0 : grid.steps();
            return new Latent(List.of(stored), List.of(SCALE), List.of(node), to, anchor, arithmetic);
        }
    }

    private static NDArray copy(final NDArray values, final NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(values);
            final NDArray copy = Tensors.cast(values, DataType.FLOAT64).duplicate();
            copy.attach(manager);
            return copy;
        }
    }

    private static boolean isFinite(final NDArray state) {
        try (NDArray magnitude = state.abs();
                NDArray largest = magnitude.max()) {
            return Double.isFinite(largest.getDouble());
        }
    }
}
