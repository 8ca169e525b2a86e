package palindrome.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import palindrome.sampler.NodeGrid;
import palindrome.sampler.Sampler;
import palindrome.sampler.StepListener;

/**
 * How far a generated image is from the one that the probability-flow ODE leads to.
 *
 * @param setup the sampler
 * @param max largest absolute difference of two numbers, which span about [−1, 1]
 * @param rms root mean square of the differences
 * @param evaluations of the predictor
 * @param seconds of the run
 * @param uncertainty of the solution it is compared with, see {@link FineSolution.Solution}
 */
record OdeError(Setup setup, double max, double rms, int evaluations, double seconds, double uncertainty) {

    /**
     * @param noise standard normal, float64 [1, C, H, W], neither changed nor closed
     * @param reference of the same noise
     */
    static OdeError measure(
            final Subject subject, final Setup setup, final NDArray noise, final FineSolution reference) {
        try (NDManager manager = subject.model().manager().newSubManager()) {
            final NDArray start = noise.duplicate();
            start.attach(manager);
            final Sampler sampler = setup.sampler();
            final NodeGrid grid = setup.grid(subject.model());
            final FineSolution.Solution solution = reference.from(subject, grid);
            final TimedPredictor predictor = new TimedPredictor(subject.predictor(grid, manager));
            final long before = System.nanoTime();
            final double[] image = sampler.generate(start, grid, predictor, StepListener.NONE)
                    .image()
                    .toDoubleArray();
            final double seconds = (System.nanoTime() - before) * 1e-9;
            return new OdeError(
                    setup,
                    max(image, solution.image()),
                    rms(image, solution.image()),
                    predictor.evaluations(),
                    seconds,
                    solution.uncertainty());
        }
    }

    static double rms(final double[] a, final double[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) squares += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.sqrt(squares / a.length);
    }

    private static double max(final double[] a, final double[] b) {
        double max = 0;
        for (int i = 0; i < a.length; i++) max = Math.max(max, Math.abs(a[i] - b[i]));
        return max;
    }
}
