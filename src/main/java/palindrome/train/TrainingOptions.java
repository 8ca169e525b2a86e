package palindrome.train;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import palindrome.engine.DeviceChoice;
import palindrome.engine.TorchEngine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every program that trains a denoiser is told, and how it runs: until its time is over or Ctrl-C is pressed. */
final class TrainingOptions {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingOptions.class);

    @Parameters(index = "0", paramLabel = "IMAGES", description = "folder with index.csv, images/ and labels/")
    private Path images;

    @Parameters(
            index = "1",
            paramLabel = "OUTPUT",
            description = "folder of the run: checkpoint, loss.csv and what is trained")
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

    /** Makes what is to be trained. */
    interface Beginning {

        /**
         * @param output folder of the run
         * @param manager owner of the parameters
         * @return closed by the run
         */
        TrainedDenoiser begin(Path output, NDManager manager) throws IOException;
    }

    /** Trains, going on where a run in the same folder stopped. */
    void train(final TrainingRecipe recipe, final Beginning beginning) throws IOException {
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
                TrainingRun run = new TrainingRun(recipe, beginning.begin(output, manager), data, output, manager)) {
            run.train(() -> interrupted.get() || System.nanoTime() > end, checkpointMinutes);
        } finally {
            saved.countDown();
        }
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
