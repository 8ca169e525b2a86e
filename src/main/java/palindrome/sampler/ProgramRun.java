package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import palindrome.engine.Tensors;

/** One run of a program from one end to the other, and the native memory it takes. */
final class ProgramRun implements AutoCloseable {

    /** Far above any image; a network that sees more may well answer with infinities. */
    private static final double LARGEST_INPUT = 0x1p20;

    private final NDManager owner;
    private final NDManager manager;
    private final ReversibleMethod method;
    private final CouplingProgram program;
    private final NodeGrid grid;
    private final Arithmetic arithmetic;
    private final End anchor;
    private final ScaleTable scales;
    private final NoiseAt noise;
    private final NDArray[] states = new NDArray[2];
    private End from;

    /**
     * @param owner manager that gets the result
     * @param anchor end at which the scales are 1
     */
    ProgramRun(
            final NDManager owner,
            final ReversibleMethod method,
            final CouplingProgram program,
            final NodeGrid grid,
            final Arithmetic arithmetic,
            final End anchor,
            final Predictor predictor,
            final StepListener listener) {
        this.owner = owner;
        this.method = method;
        this.program = program;
        this.grid = grid;
        this.arithmetic = arithmetic;
        this.anchor = anchor;
        scales = arithmetic.scales(program, anchor);
        noise = new NoiseAt(predictor, listener, grid);
        manager = owner.newSubManager();
    }

    /** Begins at the anchor with one state; makes the other. */
    void start(final NDArray values) {
        from = anchor;
        final SecondState second = program.secondState(from);
        noise.expect(program.evaluations() + second.increment().evaluations());
        final int position = scales.position(from);
        try (NDManager step = manager.newSubManager()) {
            step.tempAttachAll(values);
            final NDArray given = given(values, scales.scale(position, second.given()));
            // NB: the network sees what is stored, not what was given, so that the
            // same pair arises from the latent alone.
            final NDArray exact = arithmetic.value(given, scales.scale(position, second.given()));
            final NDArray other =
                    arithmetic.store(second.increment().of(exact, noise), scales.scale(position, 1 - second.given()));
            keep(second.given(), given);
            keep(1 - second.given(), other);
        } catch (final StateRangeException exc) {
            throw explained(exc, second.increment().node(), 0);
        }
    }

    /** Begins with both states. */
    void resume(final Latent latent) {
        from = latent.end();
        noise.expect(program.evaluations());
        for (int slot = 0; slot < 2; slot++) {
            final NDArray copy = latent.states().get(slot).duplicate();
            keep(slot, copy);
        }
    }

    /**
     * Runs to the other end.
     *
     * @param exchange between the images of a batch, in both states after every coupling
     */
    Latent finish(final StateExchange exchange) {
        final int count = program.couplings().size();
        for (int done = 0; done < count; done++) {
            couple(from == End.NOISY ? done : count - 1 - done, done);
            for (int slot = 0; slot < 2; slot++) exchange(slot, exchange);
        }
        final End to = from == End.NOISY ? End.CLEAN : End.NOISY;
        for (final NDArray state : states) state.attach(owner);
        return new Latent(List.of(states[0], states[1]), scales.at(to), program.nodes(to), to, anchor, arithmetic);
    }

    /**
     * @param index coupling to run or, on the way to the noise, to undo
     * @param done couplings run before
     */
    private void couple(final int index, final int done) {
        final Coupling coupling = program.couplings().get(index);
        final int target = coupling.target();
        final int source = coupling.source();
        try (NDManager step = manager.newSubManager()) {
            step.tempAttachAll(states[0], states[1]);
            final NDArray known = arithmetic.value(states[source], scales.scale(index, source));
            final NDArray increment = coupling.increment().of(known, noise);
            final double scale = scales.scale(index + 1, target);
            final NDArray next = from == End.NOISY
                    ? arithmetic.forward(states[target], coupling.scale(), increment, scale)
                    : arithmetic.inverse(states[target], coupling.scale(), increment, scale);
            next.attach(manager);
            states[target].close();
            states[target] = next;
        } catch (final StateRangeException exc) {
            if (!exc.isFinite() && magnitude(states[source], scales.scale(index, source)) > LARGEST_INPUT)
                throw outgrown("what the network can take", done, exc);
            throw explained(exc, coupling.increment().node(), done);
        }
    }

    private void exchange(final int slot, final StateExchange exchange) {
        final NDArray before = states[slot];
        final NDArray after = exchange.exchanged(before);
        if (after == before) return;
        before.close();
        keep(slot, after);
    }

    private NDArray given(final NDArray values, final double scale) {
        try {
            return arithmetic.store(Tensors.cast(values, DataType.FLOAT64), scale);
        } catch (final StateRangeException exc) {
            throw SamplingException.unusableStart(from, exc);
        }
    }

    private void keep(final int slot, final NDArray state) {
        state.attach(manager);
        states[slot] = state;
    }

    private SamplingException explained(final StateRangeException exc, final int node, final int done) {
        if (!exc.isFinite()) return noise.notFinite(where(done), node, exc);
        return outgrown("the 62 bits of its exact states", done, exc);
    }

    private SamplingException outgrown(final String limit, final int done, final Throwable cause) {
        final double share = (double) done / program.couplings().size();
        return new SamplingException(
                method.name() + " outgrew " + limit + " at " + where(done) + ". " + method.remedy(grid, share), cause);
    }

    /** The step as users count them, of which a coupling may be a part. */
    private String where(final int done) {
        final int count = program.couplings().size();
        final int perStep = Math.max(1, count / grid.steps());
        return "step " + (done / perStep + 1) + " of " + count / perStep;
    }

    private double magnitude(final NDArray state, final double scale) {
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(state);
            return arithmetic.value(state, scale).abs().max().getDouble();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
