package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import palindrome.engine.Tensors;

/**
 * Cycle-SDE: a stochastic sampler whose noise is recorded, so that it runs backwards (SDE-Drag: Nie et al., "The Blessing
 * of Randomness", 2024; CycleDiffusion: Wu and De la Torre, 2023). A random path from the image to noise is drawn
 * first; then each step's noise is what leads the sampler along it:
 *
 * <pre>x_(i−1) = m_i(x_i) + w_i,   m_i the mean of DDIM's η-step, w_i recorded</pre>
 *
 * With the same predictor the record leads back to the image, with another one to an edit that keeps its randomness. On
 * the lattice w_i is an integer and the way back is exact to the last bit. Unlike the published codes, w_i is kept as it
 * is added, not divided by its deviation s_i, so that the last step, where s is 0, is recorded too.
 * <p>
 * The noisy end holds N + 1 states: x_N, then w_N to w_1; the clean end x_0, then the differences x_1 − x_0 to
 * x_N − x_(N−1).
 */
public final class CycleSde implements Sampler {

    /** η of CycleDiffusion's experiments. */
    public static final double CYCLE_DIFFUSION_ETA = 0.1;

    private static final double SCALE = RecordedStep.SCALE;

    private final Encoding encoding;
    private final double eta;
    private final NoiseSource noiseSource;
    private final Arithmetic arithmetic;

    /** How the path from the image to noise is drawn. */
    public enum Encoding {
        /** SDE-Drag: step by step, x_(i+1) = (α_(i+1)/α_i)·x_i + √(1 − α²_(i+1)/α²_i)·ξ. */
        MARKOV {
            @Override
            List<NDArray> path(final NDArray image, final NodeGrid grid, final double eta, final NoiseSource noise) {
                final List<NDArray> path = new ArrayList<>(List.of(image));
                for (int i = 1; i <= grid.steps(); i++) {
                    final double ratio = grid.alpha(i) / grid.alpha(i - 1);
                    path.add(withNoise(path.get(i - 1), ratio, noise, spread(grid, i, ratio)));
                }
                return path;
            }
        },

        /** CycleDiffusion: x_N from q(x_N | x_0), then each x_(i−1) from DDIM's posterior q_η(x_(i−1) | x_i, x_0). */
        POSTERIOR {
            @Override
            List<NDArray> path(final NDArray image, final NodeGrid grid, final double eta, final NoiseSource noise) {
                final int last = grid.steps();
                final NDArray[] path = new NDArray[last + 1];
                path[0] = image;
                path[last] = withNoise(image, grid.alpha(last), noise, grid.sigma(last));
                for (int i = last; i > 1; i--) {
                    final EtaStep step = EtaStep.of(grid, i, eta);
                    final double slope = step.direction() / grid.sigma(i);
                    try (NDArray mean =
                            OneStepSolver.combined(image, grid.alpha(i - 1) - slope * grid.alpha(i), path[i], slope)) {
                        path[i - 1] = withNoise(mean, 1, noise, step.fresh());
                    }
                }
                return List.of(path);
            }
        };

        /** @return x_0 to x_N, in the manager of the image */
        abstract List<NDArray> path(NDArray image, NodeGrid grid, double eta, NoiseSource noise);

        /** @return factor·x + spread·ξ */
        private static NDArray withNoise(
                final NDArray x, final double factor, final NoiseSource noise, final double spread) {
            try (NDArray drawn = noise.draw(x.getManager(), x.getShape().getShape())) {
                return OneStepSolver.combined(x, factor, drawn, spread);
            }
        }

        /** NB: where the image is not free of noise, what is added is relative to what is there. */
        private static double spread(final NodeGrid grid, final int node, final double ratio) {
            final double before = ratio * grid.sigma(node - 1);
            return Math.sqrt(grid.sigma(node) * grid.sigma(node) - before * before);
        }
    }

    /**
     * @param encoding how the path to noise is drawn
     * @param eta η of the steps, above 0 and at most 1; SDE-Drag 1, CycleDiffusion 0.1
     * @param noiseSource noise of the path
     * @param arithmetic how states are kept
     * @throws IllegalArgumentException if η is out of range
     */
    public CycleSde(
            final Encoding encoding, final double eta, final NoiseSource noiseSource, final Arithmetic arithmetic) {
        if (!(eta > 0 && eta <= 1))
            throw new IllegalArgumentException("Eta is " + eta
                    + "; use a number above 0 and at most 1 for a sampler that records its noise, usually 1 or 0.1.");
        this.encoding = encoding;
        this.eta = eta;
        this.noiseSource = noiseSource;
        this.arithmetic = arithmetic;
    }

    @Override
    public String name() {
        return encoding == Encoding.MARKOV ? "Cycle-SDE" : "CycleDiffusion";
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public int minimumSteps() {
        return 2;
    }

    @Override
    public int evaluations(final NodeGrid grid) {
        return grid.steps();
    }

    @Override
    public double amplification(final NodeGrid grid) {
        return 1;
    }

    /** {@inheritDoc} Sampling holds the record that it is given, and its own. */
    @Override
    public int recordedStates(final NodeGrid grid) {
        return 2 * (grid.steps() + 1);
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
        try (Run run = new Run(image.getManager(), grid, predictor, listener)) {
            run.drawPath(image);
            return run.encode(End.CLEAN);
        }
    }

    @Override
    public Latent invert(
            final Latent clean, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        try (Run run = new Run(clean.states().get(0).getManager(), grid, predictor, listener)) {
            run.followDifferences(required(clean, End.CLEAN, grid));
            return run.encode(clean.anchor());
        }
    }

    @Override
    public Latent generate(
            final NDArray noise, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        try (Run run = new Run(noise.getManager(), grid, predictor, listener)) {
            run.drawNoise(noise);
            return run.decode(End.NOISY, StateExchange.NONE);
        }
    }

    @Override
    public Latent sample(
            final Latent noisy,
            final NodeGrid grid,
            final Predictor predictor,
            final StateExchange exchange,
            final StepListener listener) {
        try (Run run = new Run(noisy.states().get(0).getManager(), grid, predictor, listener)) {
            run.copy(required(noisy, End.NOISY, grid));
            return run.decode(noisy.anchor(), exchange);
        }
    }

    private Latent required(final Latent latent, final End end, final NodeGrid grid) {
        if (latent.end() != end || !latent.nodes().equals(nodes(end, grid)))
            throw new IllegalArgumentException("The latent is not the " + (end == End.CLEAN ? "clean" : "noisy")
                    + " end of a " + name() + " run of " + grid.steps()
                    + " active steps; use the sampler, steps and strength it was made with.");
        return latent;
    }

    /** Nodes of the states: where a recorded step leads. */
    private static List<Integer> nodes(final End end, final NodeGrid grid) {
        final List<Integer> nodes = new ArrayList<>();
        for (int k = 0; k <= grid.steps(); k++) nodes.add(end == End.CLEAN ? k : grid.steps() - k);
        return nodes;
    }

    /** One run and the native memory it takes; the record grows with the steps, nothing else does. */
    private final class Run implements AutoCloseable {

        private final NDManager owner;
        private final NDManager manager;
        private final NodeGrid grid;
        private final RecordedStep step;
        /** The states of the end the run begins at, later those of the other, as stored. */
        private final List<NDArray> states = new ArrayList<>();

        Run(final NDManager owner, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
            this.owner = owner;
            this.grid = grid;
            manager = owner.newSubManager();
            final NoiseAt network = new NoiseAt(predictor, listener, grid);
            network.expect(grid.steps());
            step = new RecordedStep(grid, eta, arithmetic, network);
        }

        /** Leaves x_0 to x_N. */
        void drawPath(final NDArray image) {
            try (NDManager scope = manager.newSubManager()) {
                scope.tempAttachAll(image);
                final NDArray stored = start(Tensors.cast(image, DataType.FLOAT64), End.CLEAN);
                final NDArray exact = arithmetic.value(stored, SCALE);
                keep(stored);
                for (final NDArray x :
                        encoding.path(exact, grid, eta, noiseSource).subList(1, grid.steps() + 1))
                    try (x) {
                        keep(stored(x));
                    }
            }
        }

        /** Leaves x_0 to x_N. */
        void followDifferences(final Latent clean) {
            try (NDManager scope = manager.newSubManager()) {
                clean.states().forEach(scope::tempAttachAll);
                keep(clean.states().get(0).duplicate());
                for (int i = 1; i <= grid.steps(); i++) {
                    final NDArray before = states.get(i - 1);
                    final NDArray difference = clean.states().get(i);
                    keep(scoped(step -> {
                        step.tempAttachAll(before, difference);
                        return arithmetic.forward(difference, 1, arithmetic.value(before, SCALE), SCALE);
                    }));
                }
            }
        }

        /** Leaves x_N and w_N to w_1. */
        void drawNoise(final NDArray values) {
            try (NDManager scope = manager.newSubManager()) {
                scope.tempAttachAll(values);
                keep(start(Tensors.cast(values, DataType.FLOAT64), End.NOISY));
                for (int i = grid.steps(); i >= 1; i--) {
                    final double fresh = EtaStep.of(grid, i, eta).fresh();
                    keep(scoped(step -> arithmetic.store(
                            noiseSource.draw(step, values.getShape().getShape()).mul(fresh), SCALE)));
                }
            }
        }

        void copy(final Latent latent) {
            latent.states().forEach(state -> keep(state.duplicate()));
        }

        /** From x_0 to x_N: what each step has to be told to go along them. */
        Latent encode(final End anchor) {
            final List<NDArray> record = new ArrayList<>(List.of(states.get(grid.steps())));
            for (int i = grid.steps(); i >= 1; i--) {
                record.add(step.record(states.get(i), states.get(i - 1), i));
                if (i < grid.steps()) states.get(i).close();
            }
            return latent(record, End.NOISY, anchor);
        }

        /** From x_N and w_N to w_1: sampling. */
        Latent decode(final End anchor, final StateExchange exchange) {
            final List<NDArray> record = new ArrayList<>();
            NDArray x = states.get(0);
            for (int i = grid.steps(); i >= 1; i--) {
                final NDArray recorded = states.get(grid.steps() - i + 1);
                final NDArray replayed = step.replay(x, recorded, i);
                final NDArray next = exchange.exchanged(replayed);
                if (next != replayed) replayed.close();
                final NDArray before = x;
                record.add(0, scoped(scope -> {
                    scope.tempAttachAll(before, next);
                    return arithmetic.inverse(before, 1, arithmetic.value(next, SCALE), SCALE);
                }));
                recorded.close();
                before.close();
                x = next;
            }
            record.add(0, x);
            return latent(record, End.CLEAN, anchor);
        }

        private NDArray scoped(final Function<NDManager, NDArray> work) {
            try (NDManager scope = manager.newSubManager()) {
                final NDArray result = work.apply(scope);
                result.attach(manager);
                return result;
            }
        }

        private NDArray stored(final NDArray values) {
            return scoped(scope -> {
                scope.tempAttachAll(values);
                return arithmetic.store(values, SCALE);
            });
        }

        private NDArray start(final NDArray values, final End end) {
            try {
                return arithmetic.store(values, SCALE);
            } catch (final StateRangeException exc) {
                throw SamplingException.unusableStart(end, exc);
            }
        }

        private void keep(final NDArray state) {
            state.attach(manager);
            states.add(state);
        }

        private Latent latent(final List<NDArray> record, final End end, final End anchor) {
            record.forEach(state -> state.attach(owner));
            return new Latent(
                    record, Collections.nCopies(record.size(), SCALE), nodes(end, grid), end, anchor, arithmetic);
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
