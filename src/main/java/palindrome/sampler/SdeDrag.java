package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import palindrome.engine.Tensors;

/**
 * SDE-Drag: what is around one place of an image is moved to another (Nie et al., "The Blessing of Randomness: SDE Beats
 * ODE in General Diffusion-based Image Editing", ICLR 2024, section 4.3). Every drag of a {@link DragRoute}
 * <ol>
 * <li>leads the image to noise along a path x_0 … x_N,</li>
 * <li>copies and pastes in x_N ({@link PatchDrag}),</li>
 * <li>leads back with the noise w_i that each step needs to lead along the path ({@link RecordedStep}), held to the x_i of
 * the path where the image must not change ({@link StateBlend}).</li>
 * </ol>
 * A drag that changes nothing in x_N returns the image, and one that may change only a part leaves the rest as it was:
 * to the last bit, on the lattice.
 */
public final class SdeDrag {

    private static final double SCALE = RecordedStep.SCALE;

    private final Path path;
    private final PatchDrag patch;
    private final NoiseSource noiseSource;
    private final Arithmetic arithmetic;

    /** How an image is led to noise. */
    public enum Path {
        /** Cycle-SDE's: fresh noise is added at every step, and recorded in those back. */
        SDE(1, 0) {
            @Override
            List<NDArray> of(
                    final NDArray image, final NodeGrid grid, final Predictor network, final NoiseSource noise) {
                return CycleSde.Encoding.MARKOV.path(image, grid, eta(), noise);
            }
        },

        /**
         * The paper's comparison: DDIM's inversion, without any noise but the sources'. What that inversion lacks of being
         * exact is recorded in the steps back.
         */
        ODE(0, 1) {
            @Override
            List<NDArray> of(
                    final NDArray image, final NodeGrid grid, final Predictor network, final NoiseSource noise) {
                final OneWayMethod.Walk ddim =
                        new Ddim(eta(), noise, InversionLabel.SOURCE).begin(grid, network, image.getManager());
                final List<NDArray> path = new ArrayList<>(List.of(image));
                for (int i = 0; i < grid.steps(); i++) path.add(ddim.step(path.get(i), i, i + 1));
                return path;
            }
        };

        private final double eta;
        private final int evaluations;

        Path(final double eta, final int evaluations) {
            this.eta = eta;
            this.evaluations = evaluations;
        }

        /** @return η of the steps back */
        double eta() {
            return eta;
        }

        /** @return x_0 to x_N, in the manager of the image */
        abstract List<NDArray> of(NDArray image, NodeGrid grid, Predictor network, NoiseSource noise);
    }

    /**
     * @param path how an image is led to noise
     * @param patch what is done there
     * @param noiseSource noise of path and patches, drawn in this order for every drag
     * @param arithmetic how states are kept
     */
    public SdeDrag(final Path path, final PatchDrag patch, final NoiseSource noiseSource, final Arithmetic arithmetic) {
        this.path = path;
        this.patch = patch;
        this.noiseSource = noiseSource;
        this.arithmetic = arithmetic;
    }

    /** @return network evaluations of a whole run, counting those of guidance as one */
    public int evaluations(final DragRoute route, final NodeGrid grid) {
        return route.drags().size() * grid.steps() * (path.evaluations + 2);
    }

    /** @return states of the image's size that a run holds besides the few it computes with: the path of a drag */
    public int recordedStates(final NodeGrid grid) {
        return grid.steps() + 1;
    }

    /**
     * @param image float64 [1, C, H, W] in the range of the model, neither changed nor closed
     * @param route the drags
     * @param weights how free every value of the image is, as in {@link StateBlend}; entirely if empty
     * @param grid the nodes, the noisiest of which is where patches are moved
     * @param predictor under the same conditions on the way to noise and back
     * @param listener told of network evaluations
     * @param drags told of every drag
     * @return the image after the last drag, in the same manager
     * @throws SamplingException if the network returns what is not a number
     */
    public NDArray run(
            final NDArray image,
            final DragRoute route,
            final Optional<NDArray> weights,
            final NodeGrid grid,
            final Predictor predictor,
            final StepListener listener,
            final DragListener drags) {
        final NDManager owner = image.getManager();
        final NoiseAt network = new NoiseAt(predictor, listener, grid);
        network.expect(evaluations(route, grid));
        final RecordedStep step = new RecordedStep(grid, path.eta(), arithmetic, network);
        try (NDManager manager = owner.newSubManager()) {
            NDArray state = start(image, manager);
            int done = 0;
            for (final List<DragShift> shifts : route.drags()) {
                final NDArray dragged = dragged(state, shifts, weights, step);
                state.close();
                state = dragged;
                done++;
                try (NDArray now = value(state, manager)) {
                    drags.dragged(done, now);
                }
            }
            return value(state, owner);
        }
    }

    private NDArray start(final NDArray image, final NDManager manager) {
        try {
            return stored(image, manager);
        } catch (final StateRangeException exc) {
            throw SamplingException.unusableStart(End.CLEAN, exc);
        }
    }

    private NDArray stored(final NDArray values, final NDManager owner) {
        return scoped(owner, scope -> {
            scope.tempAttachAll(values);
            return arithmetic.store(Tensors.cast(values, DataType.FLOAT64), SCALE);
        });
    }

    private NDArray value(final NDArray state, final NDManager owner) {
        return scoped(owner, scope -> {
            scope.tempAttachAll(state);
            return arithmetic.value(state, SCALE);
        });
    }

    private NDArray dragged(
            final NDArray state,
            final List<DragShift> shifts,
            final Optional<NDArray> weights,
            final RecordedStep step) {
        final NodeGrid grid = step.grid();
        return scoped(state.getManager(), scope -> {
            scope.tempAttachAll(state);
            final List<NDArray> states = new ArrayList<>();
            for (final NDArray x : path.of(value(state, scope), grid, step.network(), noiseSource)) {
                states.add(stored(x, scope));
                x.close();
            }
            final KnownStates onPath = (node, nodes, owner) -> value(states.get(node), owner);
            try (NDArray noisy = value(states.get(grid.steps()), scope);
                    NDArray moved = patch.applyTo(noisy, shifts, noiseSource)) {
                return back(states, stored(moved, scope), weights.map(free -> new StateBlend(free, onPath)), step);
            }
        });
    }

    /**
     * From another state at the noisiest node, along the path's own noise.
     *
     * @param states the path, x_0 to x_N, as stored
     * @param start the other x_N, as stored; closed
     * @param blend what the states led to are held to
     * @return what it leads to at the clean node, as stored
     */
    NDArray back(
            final List<NDArray> states,
            final NDArray start,
            final Optional<StateBlend> blend,
            final RecordedStep step) {
        NDArray x = start;
        for (int i = states.size() - 1; i >= 1; i--) {
            try (NDArray here = x;
                    NDArray recorded = step.record(states.get(i), states.get(i - 1), i)) {
                x = step.replay(here, recorded, i);
            }
            if (blend.isPresent()) x = held(x, blend.get(), i - 1, step.grid());
        }
        return x;
    }

    private NDArray held(final NDArray state, final StateBlend blend, final int node, final NodeGrid grid) {
        try (state;
                NDArray value = value(state, state.getManager());
                NDArray blended = blend.blend(value, node, grid)) {
            return stored(blended, state.getManager());
        }
    }

    private static NDArray scoped(final NDManager owner, final Function<NDManager, NDArray> work) {
        try (NDManager scope = owner.newSubManager()) {
            final NDArray result = work.apply(scope);
            result.attach(owner);
            return result;
        }
    }
}
