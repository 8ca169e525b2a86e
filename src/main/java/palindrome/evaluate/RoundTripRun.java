package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import net.imglib2.img.Img;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.DoubleType;
import palindrome.edit.RoundTripError;
import palindrome.sampler.Latent;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Sampler;
import palindrome.sampler.StepListener;

/**
 * An image to noise and back: what it lost and what it took.
 *
 * @param setup the sampler and how its states are kept
 * @param error of numbers that span about [−1, 1]
 * @param evaluations of the predictor, both ways
 * @param seconds both ways
 */
record RoundTripRun(Setup setup, RoundTripError error, int evaluations, double seconds) {

    /**
     * @param image float64 [1, C, H, W], neither changed nor closed
     * @throws palindrome.sampler.SamplingException if the states leave the range of their arithmetic
     * @throws IllegalArgumentException if the sampler cannot run on this model
     */
    static RoundTripRun measure(final Subject subject, final Setup setup, final NDArray image) {
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
            return new RoundTripRun(
                    setup, RoundTripError.of(numbers(start), numbers(back)), predictor.evaluations(), seconds);
        }
    }

    private static Img<DoubleType> numbers(final NDArray state) {
        final double[] values = state.toDoubleArray();
        return ArrayImgs.doubles(values, values.length);
    }
}
