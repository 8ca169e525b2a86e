package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import palindrome.engine.TorchEngine;
import palindrome.sampler.NoiseSchedule;

/**
 * The training step: crops, noise, prediction, gradient, update.
 */
final class Trainer implements AutoCloseable {

    private final TrainingRecipe recipe;
    private final CropSampler crops;
    private final NoiseSchedule schedule;
    private final Objective objective;
    private final CaptionEncoder tokenizer;
    private final Denoiser denoiser;
    private final Collection<TrainedParameter> parameters;
    private final AdamW optimizer;

    Trainer(
            final TrainingRecipe recipe,
            final CropSampler crops,
            final NoiseSchedule schedule,
            final Objective objective,
            final CaptionEncoder tokenizer,
            final Denoiser denoiser,
            final Collection<TrainedParameter> parameters) {
        this.recipe = recipe;
        this.crops = crops;
        this.schedule = schedule;
        this.objective = objective;
        this.tokenizer = tokenizer;
        this.denoiser = denoiser;
        this.parameters = parameters;
        optimizer = new AdamW(recipe);
    }

    /**
     * @param loss weighted loss of the batch
     * @param gradientNorm norm of the gradient before clipping
     */
    record Step(double loss, double gradientNorm) {}

    /**
     * Takes one step.
     *
     * @param step index of the step, from 0; it also seeds the step's crops and
     *          noise, so that a resumed run goes on as if it had not stopped
     * @param manager parent of the step's native memory
     */
    Step step(final long step, final NDManager manager) {
        final RandomGenerator random = StepRandom.of(step);
        final List<Crop> batch = new ArrayList<>();
        final List<String> captions = new ArrayList<>();
        final int count = recipe.batchSizeAt(step);
        final int[] levels = new int[count];
        for (int i = 0; i < count; i++) {
            final Crop crop = crops.draw(random, recipe.cropSizeAt(step));
            batch.add(crop);
            captions.add(
                    random.nextDouble() < recipe.captionDropout()
                            ? ""
                            : crop.caption().part(random, recipe.wordDropout()));
            // Stratified over the batch, for a steadier loss.
            levels[i] = recipe.timestepAt((i + random.nextDouble()) / count, schedule.levels());
        }
        try (NDManager scope = manager.newSubManager()) {
            final Batch inputs = Batch.of(batch, captions, levels, random, schedule, objective, tokenizer, scope);
            final double loss;
            try (GradientCollector collector = TorchEngine.start().newGradientCollector()) {
                final NDArray value =
                        objective.loss(objective.error(denoiser.predict(inputs), inputs.target()), inputs.weight());
                collector.backward(value);
                loss = value.getFloat();
            }
            if (!Double.isFinite(loss))
                throw new IllegalStateException("The loss is " + loss + " at step " + step
                        + ". Lower the learning rate and resume from the last checkpoint.");
            return new Step(loss, optimizer.step(parameters, step));
        }
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
