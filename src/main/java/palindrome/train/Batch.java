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
 * @param drawings the crops' drawings as control images, [B, 3, H, W] in [0, 1]
 * @param weight weight of each error, [B]
 * @param levels the timesteps on the host
 */
record Batch(
        NDArray noisy,
        NDArray target,
        NDArray timesteps,
        List<String> captions,
        NDArray tokens,
        NDArray drawings,
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
                drawings(crops, scope),
                Tensors.of(scope, weights, weights.length),
                levels.clone());
    }

    /** Grey as red, green and blue, which is what control networks see. */
    private static NDArray drawings(final List<Crop> crops, final NDManager scope) {
        final int area = crops.get(0).drawing().length;
        final int side = (int) Math.sqrt(area);
        final float[] values = new float[crops.size() * 3 * area];
        for (int plane = 0; plane < crops.size() * 3; plane++)
            System.arraycopy(crops.get(plane / 3).drawing(), 0, values, plane * area, area);
        return Tensors.of(scope, values, crops.size(), 3, side, side);
    }
}
