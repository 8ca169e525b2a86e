package palindrome.command;

import org.scijava.app.StatusService;
import org.scijava.task.Task;
import org.scijava.task.TaskService;
import palindrome.edit.Progress;

/**
 * Progress as a SciJava {@link Task}, which Fiji lists with a cancel button,
 * and as status messages.
 */
public final class TaskProgress implements Progress, AutoCloseable {

    private final Task task;
    private final StatusService status;

    /**
     * @param tasks makes the task
     * @param status also gets the messages; null where there is none
     * @param name what the task list shows
     */
    public TaskProgress(final TaskService tasks, final StatusService status, final String name) {
        this.status = status;
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
        return task.isCanceled();
    }

    /** Takes the task off the list. */
    @Override
    public void close() {
        task.finish();
    }
}
