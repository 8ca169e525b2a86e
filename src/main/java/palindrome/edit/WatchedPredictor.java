package palindrome.edit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Predictor;

/**
 * Shows the image that a network's noise implies, x̂₀ = (x − σε)/α, while a sampler walks towards it. The noise itself
 * passes unchanged.
 */
final class WatchedPredictor implements Predictor {

    private final Predictor predictor;
    private final NodeGrid grid;
    private final EstimatePicture picture;
    private final Progress progress;

    /** @param picture makes pictures of states of the grid's model */
    WatchedPredictor(
            final Predictor predictor, final NodeGrid grid, final EstimatePicture picture, final Progress progress) {
        this.predictor = predictor;
        this.grid = grid;
        this.picture = picture;
        this.progress = progress;
    }

    @Override
    public NDArray epsilon(final NDArray state, final int node) {
        final NDArray epsilon = predictor.epsilon(state, node);
        if (grid.alpha(node) > 0 && progress.wantsEstimate()) show(state, epsilon, node);
        return epsilon;
    }

    @Override
    public NDArray clean(final NDArray state, final int node) {
        return predictor.clean(state, node);
    }

    private void show(final NDArray state, final NDArray epsilon, final int node) {
        try (NDManager scope = state.getManager().newSubManager()) {
            scope.tempAttachAll(state, epsilon);
            progress.estimate(
                    picture.of(state.sub(epsilon.mul(grid.sigma(node))).div(grid.alpha(node))));
        }
    }
}
