package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.random.RandomGenerator;
import palindrome.engine.Tensors;
import palindrome.engine.TorchRandom;
import palindrome.sampler.NoiseSchedule;

/**
 * Crops as states with noise, x = αx₀ + σε.
 *
 * @param clean x₀ [B, C, h, w]
 * @param noise ε, same shape
 * @param alpha α of each, [B]
 * @param sigma σ of each, [B]
 * @param noisy x, same shape as x₀
 * @param timesteps timestep of each, [B] float32
 */
record NoisyStates(NDArray clean, NDArray noise, NDArray alpha, NDArray sigma, NDArray noisy, NDArray timesteps) {

    /**
     * @param crops the images
     * @param levels training timestep of each crop
     * @param random source of the noise's seed
     * @param scope owner of all arrays
     */
    static NoisyStates of(
            final List<Crop> crops,
            final int[] levels,
            final RandomGenerator random,
            final NoiseSchedule schedule,
            final Objective objective,
            final NDManager scope) {
        final int count = crops.size();
        final int side = (int) Math.sqrt(crops.get(0).rgb().length / 3);
        final float[] pixels = new float[count * 3 * side * side];
        final float[] times = new float[count];
        final float[] alphas = new float[count];
        final float[] sigmas = new float[count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(crops.get(i).rgb(), 0, pixels, i * 3 * side * side, 3 * side * side);
            final double signal = schedule.alphaCumprod(levels[i]);
            times[i] = levels[i];
            alphas[i] = (float) Math.sqrt(signal);
            sigmas[i] = (float) Math.sqrt(1 - signal);
        }
        final NDArray clean = objective.toState(Tensors.of(scope, pixels, count, 3, side, side));
        final NDArray noise = Tensors.of(
                scope,
                new TorchRandom(random.nextLong()).randn(pixels.length),
                clean.getShape().getShape());
        final NDArray alpha = Tensors.of(scope, alphas, count);
        final NDArray sigma = Tensors.of(scope, sigmas, count);
        return new NoisyStates(
                clean,
                noise,
                alpha,
                sigma,
                objective.noisy(clean, noise, alpha, sigma),
                Tensors.of(scope, times, count));
    }
}
