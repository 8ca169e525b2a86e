package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.random.RandomGenerator;
import palindrome.engine.Tensors;
import palindrome.sampler.NoiseSchedule;

/**
 * Crops at random noise levels, as the network sees them.
 *
 * @param noisy states with noise [B, C, h, w]
 * @param target what the network should return, same shape
 * @param timesteps timestep of each, [B] float32
 * @param captions the captions
 * @param tokens token ids of the captions [B, L]
 * @param weight weight of each error, [B]
 * @param levels the timesteps on the host
 */
record Batch(
        NDArray noisy,
        NDArray target,
        NDArray timesteps,
        List<String> captions,
        NDArray tokens,
        NDArray weight,
        int[] levels) {

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
        final NoisyStates states = NoisyStates.of(crops, levels, random, schedule, objective, scope);
        final float[] weights = new float[levels.length];
        for (int i = 0; i < weights.length; i++) {
            final double signal = schedule.alphaCumprod(levels[i]);
            weights[i] = (float) objective.weight(Math.sqrt(signal), Math.sqrt(1 - signal));
        }
        return new Batch(
                states.noisy(),
                objective.target(states.clean(), states.noise(), states.alpha(), states.sigma()),
                states.timesteps(),
                List.copyOf(captions),
                tokenizer.encode(captions, scope),
                Tensors.of(scope, weights, weights.length),
                levels.clone());
    }
}
