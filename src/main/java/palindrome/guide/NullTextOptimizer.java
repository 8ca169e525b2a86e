package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.engine.Gradient;
import palindrome.engine.Tensors;
import palindrome.network.Conditioning;
import palindrome.sampler.DdimStep;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;

/**
 * Guided noise whose unconditional embedding is searched for on the spot: asked at
 * a node, it finds the embedding with which the DDIM step from there comes closest
 * to the pivot's next state, keeps it, and answers with it. So the sampler that
 * runs over it goes exactly where it will go with the embeddings found.
 * <p>
 * Good for one run from the noisy end. Each search begins where the last one
 * ended.
 */
final class NullTextOptimizer implements Predictor {

    private final CountedNoise network;
    private final NodeGrid grid;
    private final Pivot pivot;
    private final Conditioning.Text prompt;
    private final Conditioning.Text start;
    private final NullTextSettings settings;
    private final int length;
    private final int width;
    private final float[] found;
    private float[] embedding;

    /**
     * @param network ε under a conditioning
     * @param grid the nodes of pivot and run
     * @param pivot where the run should go
     * @param prompt with text states [1, L, D]
     * @param start with the text states where the first search begins, [1, L, D]
     */
    NullTextOptimizer(
            final CountedNoise network,
            final NodeGrid grid,
            final Pivot pivot,
            final Conditioning.Text prompt,
            final Conditioning.Text start,
            final NullTextSettings settings) {
        this.network = network;
        this.grid = grid;
        this.pivot = pivot;
        this.prompt = prompt;
        this.settings = settings;
        this.start = start;
        final NDArray states = start.encoderHiddenStates();
        length = (int) states.getShape().get(1);
        width = (int) states.getShape().get(2);
        embedding = states.toFloatArray();
        found = new float[Math.multiplyExact(grid.steps(), embedding.length)];
    }

    /** Evaluations of one node at most: the prompt's, the search's, and both of the answer. */
    static int evaluationsPerNode(final NullTextSettings settings) {
        return 1 + settings.iterations() + 2;
    }

    /** @return the embeddings of all nodes, once the run has passed them */
    NullTextEmbeddings embeddings() {
        return new NullTextEmbeddings(grid.steps(), length, width, found);
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        final NDManager manager = state.getManager();
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(state);
            embedding = search(state, node, scope);
            System.arraycopy(embedding, 0, found, (node - 1) * embedding.length, embedding.length);
            final NDArray epsilon = answer(state, node, scope);
            epsilon.attach(manager);
            return epsilon;
        }
    }

    private NDArray answer(final NDArray state, final int node, final NDManager scope) {
        final GuidedNoise.Prompts prompts =
                new GuidedNoise.Prompts(prompt, start.withStates(Tensors.of(scope, embedding, 1, length, width)));
        return new GuidedNoise(network, any -> prompts, settings.guidanceScale()).epsilon(state, node);
    }

    /** Adam on ‖Φ(x, ε_u + w(ε_c − ε_u); node → node − 1) − pivot‖², of which only ε_u changes. */
    private float[] search(final NDArray state, final int node, final NDManager scope) {
        final int k = grid.steps() - node;
        final DdimStep step = DdimStep.of(grid, node, node - 1);
        final double w = settings.guidanceScale();
        final NDArray target = pivot.state(node - 1, scope, state.getShape().getShape());
        final NDArray constant = state.mul(step.linear())
                .add(network.epsilon(state, node, prompt).mul(step.noise() * w))
                .sub(target);
        final NDArray candidate = Tensors.of(scope, embedding, 1, length, width);
        candidate.setRequiresGradient(true);
        final Adam adam = new Adam(candidate, settings.learningRateAt(k));
        for (int j = 0; j < settings.iterations(); j++) {
            final double loss = descend(state, node, candidate, constant, step.noise() * (1 - w), scope);
            adam.step();
            if (loss < settings.goodEnough(k)) break;
        }
        return candidate.toFloatArray();
    }

    /** One evaluation with its gradient; none of their arrays outlive it. */
    private double descend(
            final NDArray state,
            final int node,
            final NDArray candidate,
            final NDArray constant,
            final double slope,
            final NDManager scope) {
        try (NDManager iteration = scope.newSubManager()) {
            iteration.tempAttachAll(state);
            final NDArray factor = Tensors.number(iteration, slope);
            return Gradient.backward(() -> network.epsilon(state, node, start.withStates(candidate))
                    .mul(factor)
                    .add(constant)
                    .square()
                    .mean());
        }
    }
}
