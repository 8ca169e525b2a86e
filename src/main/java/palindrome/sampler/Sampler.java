package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * Takes images to noise and noise to images along a grid of noise levels.
 * <p>
 * Results belong to the manager of the array or latent that was given, which is
 * neither changed nor closed. Native memory in between is freed step by step, and
 * whatever ends a run. A sampler keeps nothing from run to run.
 * <p>
 * Every run throws {@link SamplingException} if the network returns what is not a
 * number, or if states outgrow their arithmetic, naming the step and a remedy;
 * and passes on what the listener throws to cancel.
 */
public interface Sampler {

    /** @return the name in the literature, such as "O-BELM" */
    String name();

    /** @return whether {@link #sample(Latent, NodeGrid, Predictor, StepListener)} undoes inversion exactly */
    boolean isExact();

    /** @return steps a grid needs at least */
    int minimumSteps();

    /** @return network evaluations from noise to image on that grid, counting those of guidance as one */
    int evaluations(NodeGrid grid);

    /**
     * @return by how much inversion on that grid amplifies what alternates from step to step or between two copies, an
     *         estimate; 1 for a sampler with one state
     */
    double amplification(NodeGrid grid);

    /**
     * @return states of an image's size that a run on that grid holds besides the few it computes with, at most; 0 unless
     *         the way is recorded
     */
    default int recordedStates(final NodeGrid grid) {
        return 0;
    }

    /** @return the sampler's own parameters as used on that grid, by name: for the provenance */
    Map<String, Double> parameters(NodeGrid grid);

    /** @return sentences for the user about what will not work well on that grid; usually none */
    List<String> warnings(NodeGrid grid);

    /**
     * Image to noise.
     *
     * @param image float64 [B, C, H, W] in the range of the model
     * @return the noisy end of the run
     */
    Latent invert(NDArray image, NodeGrid grid, Predictor predictor, StepListener listener);

    /**
     * On to noise from the clean end of another run, exactly where it was exact.
     *
     * @param clean a clean end of this sampler on this grid
     * @return the noisy end
     * @throws IllegalArgumentException if the latent is of another sampler or grid
     */
    Latent invert(Latent clean, NodeGrid grid, Predictor predictor, StepListener listener);

    /**
     * New image from noise.
     *
     * @param noise float64 [B, C, H, W], standard normal
     * @return the clean end of the run, whose {@link Latent#image()} is the image
     */
    Latent generate(NDArray noise, NodeGrid grid, Predictor predictor, StepListener listener);

    /**
     * Noise to image from the noisy end of another run: reconstruction with the same
     * predictor, an edit with another.
     *
     * @param noisy a noisy end of this sampler on this grid
     * @return the clean end
     * @throws IllegalArgumentException if the latent is of another sampler or grid
     */
    default Latent sample(
            final Latent noisy, final NodeGrid grid, final Predictor predictor, final StepListener listener) {
        return sample(noisy, grid, predictor, StateExchange.NONE, listener);
    }

    /**
     * As above, of images side by side that take something over from each other after every step. What was taken over
     * cannot be inverted; an image that takes nothing is what it is alone.
     */
    Latent sample(Latent noisy, NodeGrid grid, Predictor predictor, StateExchange exchange, StepListener listener);
}
