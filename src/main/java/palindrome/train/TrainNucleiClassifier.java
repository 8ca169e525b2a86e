package palindrome.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import palindrome.engine.DeviceChoice;
import palindrome.engine.TorchEngine;
import palindrome.model.SafetensorsWriter;
import palindrome.model.SchedulerConfig;
import palindrome.network.CaptionClassifier;
import palindrome.network.CaptionClassifierConfig;
import palindrome.sampler.NoiseSchedule;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains the classifier that guides the bundled model, from the same images and
 * captions, and measures it on images it never saw. It takes a quarter of an hour, so
 * a run that was stopped is simply started again.
 */
@Command(
        name = "train-classifier",
        mixinStandardHelpOptions = true,
        description = "Trains the bundled model's classifier and measures it on held-back images.")
public final class TrainNucleiClassifier implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(TrainNucleiClassifier.class);
    private static final int REPORT_EVERY = 50;
    private static final double SMOOTHING = 0.98;

    @Parameters(index = "0", paramLabel = "IMAGES", description = "folder with index.csv, images/ and labels/")
    private Path images;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "where accuracy.csv and the folder classifier, which belongs into a model's, are written")
    private Path output;

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "auto, cpu, gpu or gpu:1 (default: ${DEFAULT-VALUE})")
    private String device;

    @Option(names = "--seed", defaultValue = "1", description = "of the first weights (default: ${DEFAULT-VALUE})")
    private long seed;

    /** @param args see {@code --help} */
    public static void main(final String... args) {
        System.exit(new CommandLine(new TrainNucleiClassifier()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        final NucleiDataset data = NucleiDataset.open(images);
        LOG.info(
                "{} images to train on, {} held back",
                data.training().size(),
                data.heldBack().size());
        final DeviceChoice choice = DeviceChoice.of(device);
        LOG.info("{}", choice.reason());
        try (NDManager manager = TorchEngine.start().newManager(choice.device())) {
            train(ClassifierRecipe.load(), NucleiRecipe.load().scheduler(), data, output, seed, manager);
        }
        return 0;
    }

    /**
     * @param recipe classifier and numbers of the run
     * @param scheduler noise levels of the model to guide
     * @param data images to train and to measure on
     * @param output folder for accuracy.csv and the classifier's own folder
     * @param seed of the first weights
     * @param manager owner of the parameters, on the device to train on
     * @return accuracy on held-back images, by attribute and noise level
     */
    static List<ClassifierAccuracy.Row> train(
            final ClassifierRecipe recipe,
            final SchedulerConfig scheduler,
            final NucleiDataset data,
            final Path output,
            final long seed,
            final NDManager manager)
            throws IOException {
        final TrainingRecipe training = recipe.training();
        final CaptionClassifierConfig config = recipe.config();
        final NoiseSchedule schedule = scheduler.schedule();
        final Map<String, TrainedParameter> parameters = TrainedParameter.startingAt(
                FreshWeights.draw(CaptionClassifier.parameterShapes(config), manager, new Random(seed)));
        final Map<String, NDArray> averages = TrainedParameter.arrays(parameters, TrainedParameter::average);
        LOG.info(
                "{} parameters",
                averages.values().stream().mapToLong(NDArray::size).sum());
        try (Objective objective = new Objective(scheduler.predictionType(), training);
                CaptionClassifier live = new CaptionClassifier(
                        config, new ArrayWeights(TrainedParameter.arrays(parameters, TrainedParameter::weight)));
                CaptionClassifier averaged = new CaptionClassifier(config, new ArrayWeights(averages));
                ClassifierTrainer trainer = new ClassifierTrainer(
                        training,
                        new CropSampler(data.training(), training),
                        schedule,
                        objective,
                        live,
                        parameters.values())) {
            run(trainer, training, manager);
            write(recipe, averages, output.resolve("classifier"));
            final List<ClassifierAccuracy.Row> rows = new ClassifierAccuracy(
                            new CropSampler(data.heldBack(), training), training.cropSizeAt(0), schedule, objective)
                    .measure(averaged, manager);
            write(rows, output.resolve("accuracy.csv"));
            return rows;
        }
    }

    private static void run(final ClassifierTrainer trainer, final TrainingRecipe recipe, final NDManager manager) {
        final long start = System.nanoTime();
        double smoothed = Double.NaN;
        for (int step = 0; step < recipe.steps(); step++) {
            final double loss = trainer.step(step, manager);
            smoothed = Double.isNaN(smoothed) ? loss : SMOOTHING * smoothed + (1 - SMOOTHING) * loss;
            if ((step + 1) % REPORT_EVERY == 0)
                LOG.info(String.format(
                        Locale.ROOT,
                        "step %d of %d  loss %.4f  %.2f s/step",
                        step + 1,
                        recipe.steps(),
                        smoothed,
                        (System.nanoTime() - start) / 1e9 / (step + 1)));
        }
    }

    private static void write(final ClassifierRecipe recipe, final Map<String, NDArray> weights, final Path folder)
            throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("config.json"),
                new GsonBuilder().setPrettyPrinting().create().toJson(recipe.configJson()) + "\n");
        final SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        weights.forEach(writer::tensor);
        writer.write(folder.resolve("model.safetensors"));
    }

    private static void write(final List<ClassifierAccuracy.Row> rows, final Path file) throws IOException {
        final StringBuilder csv = new StringBuilder(ClassifierAccuracy.Row.HEADER).append('\n');
        for (final ClassifierAccuracy.Row row : rows) csv.append(row.csv()).append('\n');
        Files.writeString(file, csv);
        LOG.info("\n{}", csv);
    }
}
