package palindrome.command;

import ij.IJ;
import org.scijava.app.StatusService;
import org.scijava.task.Task;
import org.scijava.task.TaskService;
import palindrome.edit.Progress;

/**
 * Progress as a SciJava {@link Task}, which Fiji lists with a cancel button,
 * and as status messages. Esc cancels as well: SciJava does not pass it on.
 */
public final class TaskProgress implements Progress, AutoCloseable {

    private final Task task;
    private final StatusService status;
    private boolean canceled;

    /**
     * @param tasks makes the task
     * @param status also gets the messages; null where there is none
     * @param name what the task list shows
     */
    public TaskProgress(final TaskService tasks, final StatusService status, final String name) {
        this.status = status;
        // an Esc pressed before is not meant for this run
        IJ.resetEscape();
        task = tasks.createTask(name);
        task.start();
    }

    @Override
    public void stage(final String name) {
        task.setStatusMessage(name);
        if (status != null) status.showStatus(name);
    }

    @Override
    public void step(final long done, final long total) {
        task.setProgressMaximum(total);
        task.setProgressValue(done);
        if (status != null) status.showProgress((int) done, (int) total);
    }

    @Override
    public boolean canceled() {
        canceled |= task.isCanceled() || IJ.escapePressed();
        return canceled;
    }

    /** Takes the task off the list, and the progress bar away. */
    @Override
    public void close() {
        task.finish();
        if (status == null) return;
        // a bar that is not full would stay, and clearing the status does not remove it
        status.showProgress(1, 1);
        status.clearStatus();
    }
}
