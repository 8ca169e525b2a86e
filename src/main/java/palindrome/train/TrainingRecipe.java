package palindrome.train;

import java.util.List;
import java.util.Map;

/**
 * Every number of a training run that is not part of the network.
 *
 * @param cropSizes sides of crops in pixels, multiples of 8, taken in turn: a network that has seen only small images
 *          draws nothing but background in the middle of large ones
 * @param batchSize crops a step of the first size; of the others as many as have as many pixels
 * @param minScale strongest reduction of an image, in (0, 1]
 * @param minNucleusLevel lowest mean 8-bit level fluorescent nuclei are brightened to
 * @param maxNucleusLevel highest such level
 * @param modalityShares probability of each modality, summing to 1
 * @param pixelUnshuffle side of the lossless space-to-depth block before the
 *          network
 * @param learningRate peak learning rate
 * @param finalLearningRate learning rate at {@code steps}, reached along a
 *          cosine
 * @param warmUpSteps steps of linear increase of the learning rate
 * @param steps planned length of the run
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param weightDecay decoupled weight decay
 * @param clipNorm largest norm of the gradient
 * @param averageDecay decay of the moving average of the weights
 * @param timestepPower how strongly training prefers noisy images: timesteps are drawn as
 *          1 − (1 − u)^power of all of them for u uniform; 1 for no preference. What a caption
 *          says beyond the modality matters only where little but noise can be seen
 * @param captionDropout probability of training a crop without its caption
 * @param wordDropout probability of leaving a word out of a caption, so that short prompts work
 * @param maxWeight cap of the weight 1 + signal-to-noise ratio of a squared error of the clean image
 */
record TrainingRecipe(
        List<Integer> cropSizes,
        int batchSize,
        double minScale,
        double minNucleusLevel,
        double maxNucleusLevel,
        Map<String, Double> modalityShares,
        int pixelUnshuffle,
        double learningRate,
        double finalLearningRate,
        int warmUpSteps,
        int steps,
        double beta1,
        double beta2,
        double weightDecay,
        double clipNorm,
        double averageDecay,
        double timestepPower,
        double captionDropout,
        double wordDropout,
        double maxWeight) {

    /**
     * @param step from 0
     * @return side of its crops in pixels
     */
    int cropSizeAt(final long step) {
        return cropSizes.get((int) (step % cropSizes.size()));
    }

    /**
     * @param step from 0
     * @return number of its crops
     */
    int batchSizeAt(final long step) {
        final double ratio = (double) cropSizes.get(0) / cropSizeAt(step);
        return Math.max(1, (int) Math.round(batchSize * ratio * ratio));
    }

    /**
     * @param step step to take next, from 0
     * @return its learning rate
     */
    double learningRateAt(final long step) {
        if (step < warmUpSteps) return learningRate * (step + 1) / warmUpSteps;
        final double progress = Math.min(1, (double) (step - warmUpSteps) / Math.max(1, steps - warmUpSteps));
        return finalLearningRate + (learningRate - finalLearningRate) * 0.5 * (1 + Math.cos(Math.PI * progress));
    }

    /**
     * @param share place in all timesteps by rank of preference, in [0, 1)
     * @param levels number of timesteps
     * @return the timestep there
     */
    int timestepAt(final double share, final int levels) {
        return (int) ((1 - Math.pow(1 - share, timestepPower)) * levels);
    }

    /**
     * The average follows the weights quickly at first and slowly later.
     *
     * @param step step just taken, from 0
     * @return the decay to use after it
     */
    double averageDecayAt(final long step) {
        return Math.min(averageDecay, (1.0 + step) / (10.0 + step));
    }
}
