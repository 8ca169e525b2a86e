package palindrome.train;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import palindrome.engine.DeviceChoice;
import palindrome.engine.TorchEngine;
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

    @Parameters(index = "0", paramLabel = "IMAGES", description = "folder with index.csv, images/ and labels/")
    private Path images;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "folder of the run: checkpoint, loss.csv and the model")
    private Path output;

    @Option(
            names = "--from",
            paramLabel = "MODEL",
            description = "folder of a model to begin a new run with; a run that is resumed ignores it")
    private Path beginning;

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
        final long end = System.nanoTime() + (long) (minutes * 60e9);
        final NucleiDataset data = NucleiDataset.open(images);
        LOG.info(
                "{} images to train on, {} held back",
                data.training().size(),
                data.heldBack().size());
        final DeviceChoice choice = DeviceChoice.of(device);
        LOG.info("{}", choice.reason());
        final AtomicBoolean interrupted = new AtomicBoolean();
        final CountDownLatch saved = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(interrupted, saved)));
        try (NDManager manager = TorchEngine.start().newManager(choice.device());
                TrainingRun run = new TrainingRun(
                        NucleiRecipe.load(),
                        data,
                        output,
                        Optional.ofNullable(beginning).map(PretrainedWeights::new),
                        manager)) {
            run.train(() -> interrupted.get() || System.nanoTime() > end, checkpointMinutes);
        } finally {
            saved.countDown();
        }
        return 0;
    }

    /** Ctrl-C lets the step end and saves it. NB: waiting for the thread would wait for its own exit. */
    private static void stopAndWait(final AtomicBoolean interrupted, final CountDownLatch saved) {
        interrupted.set(true);
        try {
            saved.await();
        } catch (final InterruptedException exc) {
            Thread.currentThread().interrupt();
        }
    }
}
