package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.random.RandomGenerator;
import palindrome.engine.Tensors;
import palindrome.engine.TorchRandom;
import palindrome.sampler.NoiseSchedule;

/**
 * Crops at random noise levels, as the network sees them.
 *
 * @param noisy states with noise [B, C, h, w]
 * @param target what the network should return, same shape
 * @param timesteps timestep of each, [B] float32
 * @param tokens token ids of the captions [B, L]
 * @param weight weight of each error, [B]
 * @param levels the timesteps on the host
 */
record Batch(NDArray noisy, NDArray target, NDArray timesteps, NDArray tokens, NDArray weight, int[] levels) {

    /**
     * @param crops the images
     * @param captions one a crop, empty where it is dropped
     * @param levels training timestep of each crop
     * @param random source of the noise's seed
     * @param scope owner of all arrays
     */
    static Batch of(
            final List<Crop> crops,
            final List<String> captions,
            final int[] levels,
            final RandomGenerator random,
            final NoiseSchedule schedule,
            final Objective objective,
            final CaptionEncoder tokenizer,
            final NDManager scope) {
        final int count = crops.size();
        final int side = (int) Math.sqrt(crops.get(0).rgb().length / 3);
        final float[] pixels = new float[count * 3 * side * side];
        final float[] times = new float[count];
        final float[] alphas = new float[count];
        final float[] sigmas = new float[count];
        final float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            System.arraycopy(crops.get(i).rgb(), 0, pixels, i * 3 * side * side, 3 * side * side);
            final double signal = schedule.alphasCumprod()[levels[i]];
            final double alpha = Math.sqrt(signal);
            final double sigma = Math.sqrt(1 - signal);
            times[i] = levels[i];
            alphas[i] = (float) alpha;
            sigmas[i] = (float) sigma;
            weights[i] = (float) objective.weight(alpha, sigma);
        }
        final NDArray clean = objective.toState(Tensors.of(scope, pixels, count, 3, side, side));
        final NDArray noise = Tensors.of(
                scope,
                new TorchRandom(random.nextLong()).randn(pixels.length),
                clean.getShape().getShape());
        final NDArray alpha = Tensors.of(scope, alphas, count);
        final NDArray sigma = Tensors.of(scope, sigmas, count);
        return new Batch(
                objective.noisy(clean, noise, alpha, sigma),
                objective.target(clean, noise, alpha, sigma),
                Tensors.of(scope, times, count),
                tokenizer.encode(captions, scope),
                Tensors.of(scope, weights, count),
                levels.clone());
    }
}
