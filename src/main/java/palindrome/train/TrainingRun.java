package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import palindrome.model.ClipTokenizer;
import palindrome.network.CLIPTextModel;
import palindrome.network.UNet2DConditionModel;
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
    private static final long FIRST_SEED = 1;

    private final TrainingRecipe recipe;
    private final Path folder;
    private final NDManager manager;
    private final ModelExport export;
    private final ClipTokenizer tokenizer;
    private final Objective objective;
    private final TrainedParameters parameters;
    private final TrainingState state;
    private final Networks live;
    private final Networks averaged;
    private final Trainer trainer;
    private final HeldBackLoss heldBack;
    private long step;
    private double smoothedLoss = Double.NaN;

    /**
     * @param nuclei networks and numbers of the run
     * @param data images to train and to measure on
     * @param folder of the run; created if it is not there
     * @param beginning a model to begin a new run with, in place of untrained weights
     * @param manager owner of the parameters, on the device to train on
     * @throws IOException if the folder cannot be written, or its checkpoint cannot be
     *           read
     */
    TrainingRun(
            final NucleiRecipe nuclei,
            final NucleiDataset data,
            final Path folder,
            final Optional<PretrainedWeights> beginning,
            final NDManager manager)
            throws IOException {
        recipe = nuclei.training();
        this.folder = Files.createDirectories(folder);
        this.manager = manager;
        export = new ModelExport(folder.resolve("model"), nuclei);
        export.writeConfiguration();
        tokenizer = ClipTokenizer.open(export.tokenizerFolder());
        objective = new Objective(nuclei.scheduler().predictionType(), recipe);
        final Random random = new Random(FIRST_SEED);
        final Map<String, NDArray> unet =
                FreshWeights.draw(UNet2DConditionModel.parameterShapes(nuclei.unet()), manager, random);
        final Map<String, NDArray> text =
                FreshWeights.draw(CLIPTextModel.parameterShapes(nuclei.text()), manager, random);
        try (CLIPTextModel untrained = new CLIPTextModel(nuclei.text(), new ArrayWeights(text))) {
            new CaptionCentre(new CaptionEncoder(tokenizer), untrained).applyTo(unet, manager);
        }
        if (beginning.isPresent()) beginning.get().copyTo(unet, text);
        parameters = TrainedParameters.startingAt(unet, text);
        state = new TrainingState(folder);
        step = state.exists() ? state.restore(parameters) : 0;
        LOG.info("{} parameters, starting at step {}", parameters.count(), step);
        live = Networks.over(nuclei.unet(), nuclei.text(), parameters, TrainedParameter::weight);
        averaged = Networks.over(nuclei.unet(), nuclei.text(), parameters, TrainedParameter::average);
        final NoiseSchedule schedule = nuclei.scheduler().schedule();
        final CaptionEncoder captions = new CaptionEncoder(tokenizer);
        trainer = new Trainer(
                recipe, new CropSampler(data.training(), recipe), schedule, objective, captions, live, parameters);
        heldBack = new HeldBackLoss(new CropSampler(data.heldBack(), recipe), recipe, schedule, objective, captions);
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
        state.save(parameters, step);
        export.writeWeights(parameters);
        final HeldBackLoss.Result result = heldBack.measure(averaged, manager);
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
        live.close();
        averaged.close();
        objective.close();
        tokenizer.close();
    }
}
