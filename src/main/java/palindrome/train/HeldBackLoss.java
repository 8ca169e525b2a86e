package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import palindrome.sampler.NoiseSchedule;

/**
 * How well a network does on images it never saw: the same crops and the same
 * noise each time, over the whole range of noise levels, with captions.
 */
final class HeldBackLoss {

    private static final int BATCHES = 8;
    private static final long SEED = 20240501;

    private final List<List<Crop>> batches = new ArrayList<>();
    private final NoiseSchedule schedule;
    private final Objective objective;
    private final CaptionEncoder tokenizer;

    HeldBackLoss(
            final CropSampler crops,
            final TrainingRecipe recipe,
            final NoiseSchedule schedule,
            final Objective objective,
            final CaptionEncoder tokenizer) {
        this.schedule = schedule;
        this.objective = objective;
        this.tokenizer = tokenizer;
        final Random random = new Random(SEED);
        for (int b = 0; b < BATCHES; b++) {
            final List<Crop> batch = new ArrayList<>();
            for (int i = 0; i < recipe.batchSize(); i++) batch.add(crops.draw(random, recipe.cropSizeAt(0)));
            batches.add(batch);
        }
    }

    /**
     * @param weighted mean of the training loss
     * @param noise mean squared error of the predicted ε; predicting zero gives 1
     */
    record Result(double weighted, double noise) {}

    /** Noise levels are spread evenly over the crops of all batches. */
    Result measure(final Denoiser denoiser, final NDManager manager) {
        final Random random = new Random(SEED);
        double weighted = 0;
        double noise = 0;
        int count = 0;
        for (int b = 0; b < BATCHES; b++) {
            final List<Crop> crops = batches.get(b);
            final int size = crops.size();
            final int[] levels = new int[size];
            for (int i = 0; i < size; i++) levels[i] = (int) ((i + (b + 0.5) / BATCHES) / size * schedule.levels());
            try (NDManager scope = manager.newSubManager()) {
                final Batch batch = Batch.of(
                        crops,
                        crops.stream().map(crop -> crop.caption().text()).toList(),
                        levels,
                        random,
                        schedule,
                        objective,
                        tokenizer,
                        scope);
                final NDArray prediction = denoiser.predict(batch);
                final float[] errors =
                        objective.error(prediction, batch.target()).toFloatArray();
                for (int i = 0; i < size; i++) {
                    final double signal = schedule.alphaCumprod(levels[i]);
                    final double alpha = Math.sqrt(signal);
                    final double sigma = Math.sqrt(1 - signal);
                    weighted += errors[i] * objective.weight(alpha, sigma);
                    noise += errors[i] * objective.noiseErrorFactor(alpha, sigma);
                    count++;
                }
            }
        }
        return new Result(weighted / count, noise / count);
    }
}
