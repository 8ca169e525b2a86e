package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * An image on its way into one and the same noise: α_i·x₀ + σ_i·ξ at node i, and x₀ itself at node 0, whatever that node is.
 *
 * @param image x₀, float64 [B, C, H, W]
 * @param noise ξ, standard normal, of the same shape
 */
public record NoisedImage(NDArray image, NDArray noise) implements KnownStates {

    @Override
    public NDArray at(final int node, final NodeGrid grid, final NDManager scope) {
        if (node == 0) return image;
        try (NDManager inner = scope.newSubManager()) {
            inner.tempAttachAll(image, noise);
            final NDArray noised = OneStepSolver.combined(image, grid.alpha(node), noise, grid.sigma(node));
            noised.attach(scope);
            return noised;
        }
    }
}
