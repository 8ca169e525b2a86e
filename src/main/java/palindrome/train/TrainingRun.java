package palindrome.train;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import palindrome.sampler.NoiseSchedule;

/**
 * A training run in a folder: it begins there or goes on from the last
 * checkpoint, and leaves a checkpoint, a line of {@code loss.csv} and the model
 * every few minutes and at the end.
 */
final class TrainingRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
    private static final int REPORT_EVERY = 20;
    private static final double SMOOTHING = 0.98;

    private final TrainingRecipe recipe;
    private final TrainedDenoiser denoiser;
    private final Path folder;
    private final NDManager manager;
    private final Objective objective;
    private final TrainingState state;
    private final Trainer trainer;
    private final HeldBackLoss heldBack;
    private long step;
    private double smoothedLoss = Double.NaN;

    /**
     * @param recipe numbers of the run
     * @param denoiser what is trained; closed with the run
     * @param data images to train and to measure on
     * @param folder of the run; created if it is not there
     * @param manager parent of native memory, on the denoiser's device
     * @throws IOException if the folder cannot be written, or its checkpoint cannot be
     *           read
     */
    TrainingRun(
            final TrainingRecipe recipe,
            final TrainedDenoiser denoiser,
            final NucleiDataset data,
            final Path folder,
            final NDManager manager)
            throws IOException {
        this.recipe = recipe;
        this.denoiser = denoiser;
        this.folder = Files.createDirectories(folder);
        this.manager = manager;
        objective = new Objective(denoiser.scheduler().predictionType(), recipe);
        state = new TrainingState(folder);
        step = state.exists() ? state.restore(denoiser.parameters()) : 0;
        LOG.info("{} parameters, starting at step {}", denoiser.parameters().count(), step);
        final NoiseSchedule schedule = denoiser.scheduler().schedule();
        trainer = new Trainer(
                recipe,
                new CropSampler(data.training(), recipe),
                schedule,
                objective,
                denoiser.captions(),
                denoiser.live(),
                denoiser.parameters().trained().values());
        heldBack = new HeldBackLoss(
                new CropSampler(data.heldBack(), recipe), recipe, schedule, objective, denoiser.captions());
    }

    /** @return index of the step to take next */
    long nextStep() {
        return step;
    }

    /**
     * Trains until told to stop or until the recipe's last step, then saves.
     *
     * @param stop asked before every step
     * @param checkpointMinutes time between checkpoints
     * @return the loss on held-back images at the end
     */
    HeldBackLoss.Result train(final BooleanSupplier stop, final double checkpointMinutes) throws IOException {
        final long first = step;
        final long start = System.nanoTime();
        long checkpoint = start;
        while (step < recipe.steps() && !stop.getAsBoolean()) {
            final Trainer.Step taken = trainer.step(step++, manager);
            smoothedLoss = Double.isNaN(smoothedLoss)
                    ? taken.loss()
                    : SMOOTHING * smoothedLoss + (1 - SMOOTHING) * taken.loss();
            if (step % REPORT_EVERY == 0)
                LOG.info(String.format(
                        Locale.ROOT,
                        "step %d of %d  loss %.5f  gradient %.3f  %.2f s/step",
                        step,
                        recipe.steps(),
                        smoothedLoss,
                        taken.gradientNorm(),
                        minutesSince(start) * 60 / (step - first)));
            if (minutesSince(checkpoint) >= checkpointMinutes) {
                save();
                checkpoint = System.nanoTime();
            }
        }
        return save();
    }

    private HeldBackLoss.Result save() throws IOException {
        state.save(denoiser.parameters(), step);
        denoiser.export();
        final HeldBackLoss.Result result = heldBack.measure(denoiser.averaged(), manager);
        final Path log = folder.resolve("loss.csv");
        if (!Files.exists(log)) Files.writeString(log, "step,training_loss,held_back_loss,held_back_noise_error\n");
        Files.writeString(
                log,
                String.format(
                        Locale.ROOT, "%d,%.6f,%.6f,%.6f%n", step, smoothedLoss, result.weighted(), result.noise()),
                StandardOpenOption.APPEND);
        LOG.info("saved at step {}: held-back loss {}, noise error {}", step, result.weighted(), result.noise());
        return result;
    }

    private static double minutesSince(final long time) {
        return (System.nanoTime() - time) / 60e9;
    }

    @Override
    public void close() {
        trainer.close();
        denoiser.close();
        objective.close();
    }
}
