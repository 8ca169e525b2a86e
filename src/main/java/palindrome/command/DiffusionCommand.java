package palindrome.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.scijava.app.StatusService;
import org.scijava.command.Command;
import org.scijava.command.CommandInfo;
import org.scijava.plugin.Parameter;
import org.scijava.plugin.Plugin;
import org.scijava.task.TaskService;
import palindrome.edit.Progress;

/**
 * What all commands share: inputs are checked against the declared ranges
 * and choices whoever sets them (menu, macro, script or {@code CommandService},
 * which itself checks nothing), and progress goes to the host.
 * <p>
 * Commands show nothing and open no dialogs: results are outputs, failures are
 * exceptions with one sentence for the user.
 * </p>
 */
public abstract class DiffusionCommand implements Command {

    @Parameter(required = false)
    private TaskService taskService;

    @Parameter(required = false)
    private StatusService statusService;

    private Progress progress;

    /**
     * Sets where to report progress and whom to ask for cancellation. Without it
     * the command makes a SciJava task, where there is a task service.
     */
    public void setProgress(final Progress progress) {
        this.progress = progress;
    }

    /**
     * Checks the inputs, then runs the operation.
     *
     * @throws IllegalArgumentException if an input is missing or out of range
     * @throws UncheckedIOException if a model or image cannot be read
     * @throws java.util.concurrent.CancellationException if the user canceled
     */
    @Override
    public final void run() {
        CommandSignature.of(info()).check(this);
        try {
            if (progress != null) execute(progress);
            else if (taskService == null) execute(Progress.NONE);
            else runAsTask();
        } catch (final IOException exc) {
            throw new UncheckedIOException(exc);
        }
    }

    /**
     * Runs the operation on checked inputs and sets the outputs.
     *
     * @param host where to report progress, never null
     * @throws IOException if a model or image cannot be read
     */
    protected abstract void execute(Progress host) throws IOException;

    private CommandInfo info() {
        return new CommandInfo(getClass(), getClass().getAnnotation(Plugin.class));
    }

    private void runAsTask() throws IOException {
        try (TaskProgress task = new TaskProgress(
                taskService, statusService, CommandSignature.of(info()).title())) {
            execute(task);
        }
    }
}
