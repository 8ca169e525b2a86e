package palindrome.train;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import palindrome.engine.DeviceChoice;
import palindrome.engine.TorchEngine;
import palindrome.model.ClipTokenizer;
import palindrome.network.CLIPTextModel;
import palindrome.network.UNet2DConditionModel;
import palindrome.sampler.NoiseSchedule;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains the bundled model. Run it again with the same output folder and it
 * goes on where it stopped; stop it at any time.
 */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains the bundled nuclei model; resumes if the output folder holds a run.")
public final class TrainNucleiModel implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(TrainNucleiModel.class);

    @Parameters(index = "0", paramLabel = "IMAGES", description = "folder with index.csv and images/")
    private Path images;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "folder of the run: checkpoints, loss.csv and the exported model")
    private Path output;

    @Option(names = "--minutes", defaultValue = "60", description = "stop after this time (default: ${DEFAULT-VALUE})")
    private double minutes;

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "auto, cpu, gpu or gpu:1 (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(
            names = "--checkpoint-minutes",
            defaultValue = "10",
            description = "time between checkpoints (default: ${DEFAULT-VALUE})")
    private double checkpointMinutes;

    /** @param args see {@code --help} */
    public static void main(final String... args) {
        System.exit(new CommandLine(new TrainNucleiModel()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        final NucleiRecipe nuclei = NucleiRecipe.load();
        final TrainingRecipe recipe = nuclei.training();
        final NucleiDataset data = NucleiDataset.open(images);
        LOG.info(
                "{} images to train on, {} held back",
                data.training().size(),
                data.heldBack().size());
        Files.createDirectories(output);
        final ModelExport export = new ModelExport(output.resolve("model"), nuclei);
        export.writeConfiguration();
        final DeviceChoice choice = DeviceChoice.of(device);
        LOG.info("{}", choice.reason());
        try (NDManager manager = TorchEngine.start().newManager(choice.device());
                ClipTokenizer clip = ClipTokenizer.open(export.tokenizerFolder());
                Objective objective = new Objective(nuclei.scheduler().predictionType(), recipe)) {
            final TrainedParameters parameters = fresh(nuclei, manager);
            final TrainingState state = new TrainingState(output);
            long step = state.exists() ? state.restore(parameters) : 0;
            LOG.info("{} parameters, starting at step {}", parameters.count(), step);
            final CaptionEncoder tokenizer = new CaptionEncoder(clip);
            final NoiseSchedule schedule = nuclei.scheduler().schedule();
            final HeldBackLoss heldBack = new HeldBackLoss(
                    new CropSampler(data.heldBack(), recipe), recipe.batchSize(), schedule, objective, tokenizer);
            try (Networks live = Networks.over(nuclei.unet(), nuclei.text(), parameters, TrainedParameter::weight);
                    Networks averaged =
                            Networks.over(nuclei.unet(), nuclei.text(), parameters, TrainedParameter::average);
                    Trainer trainer = new Trainer(
                            recipe,
                            new CropSampler(data.training(), recipe),
                            schedule,
                            objective,
                            tokenizer,
                            live,
                            parameters)) {
                final long start = System.nanoTime();
                long checkpoint = start;
                final long first = step;
                double mean = Double.NaN;
                while (step < recipe.steps() && elapsedMinutes(start) < minutes) {
                    final Trainer.Step taken = trainer.step(step++, manager);
                    mean = Double.isNaN(mean) ? taken.loss() : 0.98 * mean + 0.02 * taken.loss();
                    if (step % 20 == 0)
                        LOG.info(String.format(
                                Locale.ROOT,
                                "step %d  loss %.5f  gradient %.3f  %.2f s/step",
                                step,
                                mean,
                                taken.gradientNorm(),
                                elapsedMinutes(start) * 60 / (step - first)));
                    if (elapsedMinutes(checkpoint) >= checkpointMinutes) {
                        save(state, parameters, export, heldBack, averaged, step, mean, manager);
                        checkpoint = System.nanoTime();
                    }
                }
                save(state, parameters, export, heldBack, averaged, step, mean, manager);
            }
        }
        return 0;
    }

    private void save(
            final TrainingState state,
            final TrainedParameters parameters,
            final ModelExport export,
            final HeldBackLoss heldBack,
            final Networks averaged,
            final long step,
            final double mean,
            final NDManager manager)
            throws IOException {
        state.save(parameters, step);
        export.writeWeights(parameters);
        final HeldBackLoss.Result result = heldBack.measure(averaged, manager);
        final String row =
                String.format(Locale.ROOT, "%d,%.6f,%.6f,%.6f%n", step, mean, result.weighted(), result.noise());
        final Path log = output.resolve("loss.csv");
        if (!Files.exists(log)) Files.writeString(log, "step,training_loss,held_back_loss,held_back_noise_error\n");
        Files.writeString(log, row, StandardOpenOption.APPEND);
        LOG.info("checkpoint at step {}: held-back loss {}, noise error {}", step, result.weighted(), result.noise());
    }

    private static TrainedParameters fresh(final NucleiRecipe nuclei, final NDManager manager) {
        final Random random = new Random(1);
        return TrainedParameters.startingAt(
                FreshWeights.draw(UNet2DConditionModel.parameterShapes(nuclei.unet()), manager, random),
                FreshWeights.draw(CLIPTextModel.parameterShapes(nuclei.text()), manager, random));
    }

    private static double elapsedMinutes(final long since) {
        return (System.nanoTime() - since) / 60e9;
    }
}
