package palindrome.evaluate;

import ij.ImagePlus;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.task.Task;
import org.scijava.task.TaskService;
import org.scijava.task.event.TaskEvent;

/**
 * How long a user waits between starting <i>Diffusion Invert...</i> and the
 * first network evaluation. The command is run by its name, as a script would;
 * its task tells when it is about to evaluate, and is canceled there.
 */
final class CommandStart implements AutoCloseable {

    private static final String COMMAND = "palindrome.command.InvertCommand";

    private final Context context = new Context(CommandService.class, TaskService.class, EventService.class);
    private volatile long firstEvaluation;

    CommandStart() {
        context.service(EventService.class).subscribe(this);
    }

    /**
     * @param image what to invert
     * @return seconds from the start of the command to its first evaluation
     * @throws IllegalStateException if it never comes to that
     */
    double seconds(final ImagePlus image) throws InterruptedException {
        firstEvaluation = 0;
        final long start = System.nanoTime();
        try {
            context.service(CommandService.class)
                    .run(COMMAND, false, "image", image, "device", "cpu")
                    .get();
        } catch (final ExecutionException | CancellationException exc) {
            if (firstEvaluation == 0) throw new IllegalStateException("The command failed: " + exc.getMessage(), exc);
        }
        if (firstEvaluation == 0) throw new IllegalStateException("The command made no network evaluation.");
        return (firstEvaluation - start) * 1e-9;
    }

    /** Called on the command's own thread. */
    @EventHandler
    void onTask(final TaskEvent event) {
        final Task task = event.getTask();
        // NB: the number of evaluations is announced right before the first
        if (firstEvaluation != 0 || task.getProgressMaximum() == 0) return;
        firstEvaluation = System.nanoTime();
        task.cancel("The start is all that is timed.");
    }

    @Override
    public void close() {
        context.dispose();
    }
}
