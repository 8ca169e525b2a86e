package palindrome.evaluate;

import ij.ImagePlus;
import java.util.concurrent.CancellationException;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;
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

    private final Context context =
            new Context(CommandService.class, ModuleService.class, TaskService.class, EventService.class);
    private volatile long firstEvaluation;

    CommandStart() {
        context.service(EventService.class).subscribe(this);
    }

    /**
     * @param image what to invert
     * @return seconds from the start of the command to its first evaluation
     * @throws IllegalStateException if it never comes to that
     */
    double seconds(final ImagePlus image) {
        firstEvaluation = 0;
        final long start = System.nanoTime();
        try {
            final Module module = context.service(ModuleService.class)
                    .createModule(context.service(CommandService.class).getCommand(COMMAND));
            module.setInput("image", image);
            module.setInput("device", "cpu");
            // NB: run directly; SciJava's module service would log the cancellation as an error.
            module.run();
        } catch (final CancellationException exc) {
            if (firstEvaluation == 0) throw exc;
        }
        if (firstEvaluation == 0) throw new IllegalStateException("The command announced no network evaluation.");
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
