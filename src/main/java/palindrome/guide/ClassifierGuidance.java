package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.engine.InputGradient;
import palindrome.model.DiffusionModel;
import palindrome.network.CaptionClassifier;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;

/**
 * Classifier guidance (Dhariwal and Nichol 2021, algorithm 2): ε̂ = ε − s·σ·∇ₓ log p(y|x),
 * which leads to images that a classifier takes for y. With s = 1 and an exact classifier
 * this is the noise of the class y alone.
 * <p>
 * It goes on top of any predictor, and so together with classifier-free guidance. The
 * gradient runs through the classifier, not through the predictor, and has the same bits
 * for the same state.
 */
public final class ClassifierGuidance implements Predictor {

    private final Predictor predictor;
    private final LogProbability probability;
    private final NodeGrid grid;
    private final double scale;

    /**
     * @param predictor the noise to be guided
     * @param probability of what is wanted
     * @param grid nodes whose noise levels are used
     * @param scale s, at least 0
     * @throws IllegalArgumentException if the scale is negative or no finite number
     */
    public ClassifierGuidance(
            final Predictor predictor, final LogProbability probability, final NodeGrid grid, final double scale) {
        if (!(scale >= 0) || Double.isInfinite(scale))
            throw new IllegalArgumentException(
                    "Classifier guidance is " + scale + "; use a number from 0 up, 0 for none.");
        this.predictor = predictor;
        this.probability = probability;
        this.grid = grid;
        this.scale = scale;
    }

    /**
     * Guidance by a model's own classifier, to the words of a prompt that it knows.
     *
     * @param predictor the noise to be guided
     * @param model whose classifier it is
     * @param grid nodes whose noise levels and timestep labels are used
     * @param prompt with at least one word that the classifier knows
     * @param scale s, at least 0
     * @param manager owner of what lasts as long as the predictor
     * @throws IllegalArgumentException if the model has no classifier, or that knows no
     *           word of the prompt, or the scale is negative or no finite number
     */
    public static Predictor toPrompt(
            final Predictor predictor,
            final DiffusionModel model,
            final NodeGrid grid,
            final String prompt,
            final double scale,
            final NDManager manager) {
        final CaptionClassifier classifier = model.classifier()
                .orElseThrow(() -> new IllegalArgumentException("Classifier guidance is " + scale + ", but the model '"
                        + model.name() + "' has no classifier; use classifier=0, or a model that has one, such as"
                        + " model=bundled."));
        return new ClassifierGuidance(predictor, new PromptProbability(classifier, grid, prompt, manager), grid, scale);
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        final NDManager manager = state.getManager();
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(state);
            final NDArray epsilon = predictor.epsilon(state, node);
            final NDArray gradient = InputGradient.of(x -> probability.of(x, node), state);
            final NDArray guided = epsilon.sub(gradient.mul(scale * grid.sigma(node)));
            guided.attach(manager);
            return guided;
        }
    }

    /** In pure noise there is nothing for a classifier to see. */
    @Override
    public NDArray clean(final NDArray state, final int node) {
        return predictor.clean(state, node);
    }
}
