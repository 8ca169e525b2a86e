package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Map;

/**
 * An exactly invertible sampler: runs the program of a method forwards to sample
 * and backwards to invert. Right by construction; the methods only list their
 * steps.
 * <p>
 * The scales of a run are 1 at the end it begins at. There the states are of
 * ordinary size and get the full resolution of the arithmetic, while the factors
 * of a damping method shrink or coarsen the lattice only as far as the states at
 * the other end shrink or grow with it. The latent remembers this anchor, so that
 * a run in the other direction reads the same table.
 */
public final class ReversibleSampler implements Sampler {

    private final ReversibleMethod method;
    private final Arithmetic arithmetic;

    /** A sampler on the exact lattice. */
    public ReversibleSampler(final ReversibleMethod method) {
        this(method, new Lattice());
    }

    /**
     * @param method lists the steps
     * @param arithmetic runs them
     */
    public ReversibleSampler(final ReversibleMethod method, final Arithmetic arithmetic) {
        this.method = method;
        this.arithmetic = arithmetic;
    }

    @Override
    public String name() {
        return method.name();
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public int minimumSteps() {
        return method.minimumSteps();
    }

    @Override
    public int evaluations(final NodeGrid grid) {
        final CouplingProgram program = program(grid);
        return program.evaluations() + program.fromNoise().increment().evaluations();
    }

    @Override
    public double amplification(final NodeGrid grid) {
        return method.amplification(grid);
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
        return start(image, End.CLEAN, grid, predictor, listener);
    }

    @Override
    public Latent generate(
            final NDArray noise, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        return start(noise, End.NOISY, grid, predictor, listener);
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

    /**
     * A pair of states of one's own making, from which runs can go on.
     *
     * @param slot0 real values of slot 0, float64
     * @param slot1 real values of slot 1, float64
     * @param end where on the grid they stand
     */
    public Latent pair(final NDArray slot0, final NDArray slot1, final End end, final NodeGrid grid) {
        final CouplingProgram program = program(grid);
        final List<Double> scales = arithmetic.scales(program, end).at(end);
        final NDManager owner = slot0.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(slot0, slot1);
            final NDArray first = arithmetic.store(slot0, scales.get(0));
            final NDArray second = arithmetic.store(slot1, scales.get(1));
            first.attach(owner);
            second.attach(owner);
            return new Latent(List.of(first, second), scales, program.nodes(end), end, end, arithmetic);
        }
    }

    private CouplingProgram program(final NodeGrid grid) {
        if (grid.endsInNoiseAlone())
            throw new IllegalArgumentException(
                    "The noise schedule ends in noise alone (zero terminal signal-to-noise), which " + name()
                            + " cannot step out of. Leave that level out, or use DDIM, DDPM or DPM-Solver++.");
        return method.program(grid);
    }

    private Latent start(
            final NDArray values,
            final End end,
            final NodeGrid grid,
            final Predictor predictor,
            final StepListener listener) {
        final CouplingProgram program = program(grid);
        try (ProgramRun run =
                new ProgramRun(values.getManager(), method, program, grid, arithmetic, end, predictor, listener)) {
            run.start(values);
            return run.finish(StateExchange.NONE);
        }
    }

    private Latent resume(
            final Latent latent,
            final End end,
            final NodeGrid grid,
            final Predictor predictor,
            final StateExchange exchange,
            final StepListener listener) {
        final CouplingProgram program = program(grid);
        if (latent.end() != end)
            throw new IllegalArgumentException("The latent is the " + (end == End.CLEAN ? "noisy" : "clean")
                    + " end of a run; "
                    + (end == End.CLEAN ? "sample it to get an image." : "invert it to get noise."));
        if (!latent.nodes().equals(program.nodes(end))
                || !latent.scales()
                        .equals(arithmetic.scales(program, latent.anchor()).at(end)))
            throw new IllegalArgumentException("The latent was not made by " + name() + " with these parameters on "
                    + grid.steps() + " active steps; use the sampler, gamma, steps and strength it was made with.");
        final NDManager manager = latent.states().get(0).getManager();
        try (ProgramRun run =
                new ProgramRun(manager, method, program, grid, arithmetic, latent.anchor(), predictor, listener)) {
            run.resume(latent);
            return run.finish(exchange);
        }
    }
}
