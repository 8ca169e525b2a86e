package palindrome.sampler;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * One step of SDE-Drag's program, from a timestep to the one a stride below.
 *
 * @param timestep what the network is told
 * @param stride timesteps to the cleaner state
 * @param guidance of the step
 */
record SdeDragStep(int timestep, int stride, double guidance) {

    private static final NoiseSchedule SCHEDULE = NoiseSchedule.scaledLinear(1000, .00085, .012);
    private static final Sampler SAMPLER =
            new CycleSde(CycleSde.Encoding.MARKOV, 1, new TorchNoise(0), new FloatingPoint());

    NodeGrid grid() {
        final double[] alpha = new double[2];
        final double[] sigma = new double[2];
        for (int i = 0; i < 2; i++) {
            final double power = SCHEDULE.alphaCumprod(timestep - (1 - i) * stride);
            alpha[i] = Math.sqrt(power);
            sigma[i] = Math.sqrt(1 - power);
        }
        return NodeGrid.ofNodes(alpha, sigma, new double[] {timestep, timestep});
    }

    Predictor predictor() {
        return new Elementwise((x, node) -> Fixture.guided(x, timestep, guidance));
    }

    /** @return where {@code state} goes by the noise that leads from {@code noisier} to {@code cleaner} */
    NDArray replayed(final NDArray state, final NDArray noisier, final NDArray cleaner) {
        final Latent path = new Latent(
                List.of(cleaner, noisier.sub(cleaner)),
                List.of(1.0, 1.0),
                List.of(0, 1),
                End.CLEAN,
                End.CLEAN,
                new FloatingPoint());
        final NDArray recorded = SAMPLER.invert(path, grid(), predictor(), StepListener.NONE)
                .states()
                .get(1);
        final Latent noisy = new Latent(
                List.of(state, recorded), List.of(1.0, 1.0), List.of(1, 0), End.NOISY, End.CLEAN, new FloatingPoint());
        return SAMPLER.sample(noisy, grid(), predictor(), StepListener.NONE).image();
    }
}
