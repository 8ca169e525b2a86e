package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;
import palindrome.network.CaptionClassifier;
import palindrome.sampler.NoiseSchedule;

/** The training step of a classifier: crops, noise, log-probability of their captions, gradient, update. */
final class ClassifierTrainer implements AutoCloseable {

    private final TrainingRecipe recipe;
    private final CropSampler crops;
    private final NoiseSchedule schedule;
    private final Objective objective;
    private final CaptionClassifier classifier;
    private final CaptionLabels labels;
    private final Collection<TrainedParameter> parameters;
    private final AdamW optimizer;

    /** @param parameters what the classifier computes with */
    ClassifierTrainer(
            final TrainingRecipe recipe,
            final CropSampler crops,
            final NoiseSchedule schedule,
            final Objective objective,
            final CaptionClassifier classifier,
            final Collection<TrainedParameter> parameters) {
        this.recipe = recipe;
        this.crops = crops;
        this.schedule = schedule;
        this.objective = objective;
        this.classifier = classifier;
        this.parameters = parameters;
        labels = new CaptionLabels(classifier.config().attributes());
        optimizer = new AdamW(recipe);
    }

    /**
     * @param step index of the step, from 0; it also seeds the step's crops and noise
     * @param manager parent of the step's native memory
     * @return cross-entropy of a crop, summed over the attributes
     */
    double step(final long step, final NDManager manager) {
        final RandomGenerator random = StepRandom.of(step);
        final List<Crop> batch = new ArrayList<>();
        final int[] levels = new int[recipe.batchSizeAt(step)];
        for (int i = 0; i < levels.length; i++) {
            batch.add(crops.draw(random, recipe.cropSizeAt(step)));
            levels[i] = recipe.timestepAt((i + random.nextDouble()) / levels.length, schedule.levels());
        }
        try (NDManager scope = manager.newSubManager()) {
            final NoisyStates states = NoisyStates.of(batch, levels, random, schedule, objective, scope);
            final double loss;
            try (GradientCollector collector = TorchEngine.start().newGradientCollector();
                    NDArray divisor = Tensors.number(scope, -levels.length)) {
                final NDArray value = classifier
                        .logProbability(
                                states.noisy(),
                                states.timesteps(),
                                labels.choices(batch.stream().map(Crop::caption).toList(), scope))
                        .div(divisor);
                collector.backward(value);
                loss = value.getFloat();
            }
            optimizer.step(parameters, step);
            return loss;
        }
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
