package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Sampler;
import palindrome.sampler.StepListener;

/**
 * How far an image is from itself after a way to noise and back.
 *
 * @param setup the sampler and how its states are kept
 * @param max largest absolute difference of two numbers, which span about [−1, 1]
 * @param rms root mean square of the differences
 * @param evaluations of the predictor, both ways
 * @param seconds both ways
 */
record RoundTripError(Setup setup, double max, double rms, int evaluations, double seconds) {

    /**
     * @param image float64 [1, C, H, W], neither changed nor closed
     * @throws palindrome.sampler.SamplingException if the states leave the range of their arithmetic
     * @throws IllegalArgumentException if the sampler cannot run on this model
     */
    static RoundTripError measure(final Subject subject, final Setup setup, final NDArray image) {
        try (NDManager manager = subject.model().manager().newSubManager()) {
            final NDArray start = image.duplicate();
            start.attach(manager);
            final Sampler sampler = setup.sampler();
            final NodeGrid grid = setup.grid(subject.model());
            final TimedPredictor predictor = new TimedPredictor(subject.predictor(grid, manager));
            final long before = System.nanoTime();
            final Latent noisy = sampler.invert(start, grid, predictor, StepListener.NONE);
            final NDArray back =
                    sampler.sample(noisy, grid, predictor, StepListener.NONE).image();
            final double seconds = (System.nanoTime() - before) * 1e-9;
            final NDArray difference = back.sub(start);
            return new RoundTripError(
                    setup,
                    difference.abs().max().getDouble(),
                    Math.sqrt(difference.square().mean().getDouble()),
                    predictor.evaluations(),
                    seconds);
        }
    }
}
