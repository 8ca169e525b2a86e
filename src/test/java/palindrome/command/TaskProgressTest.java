package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.event.EventHandler;
import org.scijava.event.EventService;
import org.scijava.task.Task;
import org.scijava.task.TaskService;
import org.scijava.task.event.TaskEvent;

/** What Fiji's task list hears of a command that a script runs, and the cancel button of that list. */
class TaskProgressTest {

    /** The list. */
    public static final class TaskList {

        private final List<String> seen = new CopyOnWriteArrayList<>();
        private final long cancelAt;
        private volatile Task task;

        /** @param cancelAt the progress at which the user presses the button; 0 for never */
        TaskList(final long cancelAt) {
            this.cancelAt = cancelAt;
        }

        /** Hears of a change. */
        @EventHandler
        public void onEvent(final TaskEvent event) {
            task = event.getTask();
            seen.add(task.getStatusMessage() + " " + task.getProgressValue() + "/" + task.getProgressMaximum());
            if (cancelAt > 0 && task.getProgressValue() >= cancelAt && !task.isCanceled()) task.cancel("enough");
        }
    }

    private static void invert(final TaskList list) throws InterruptedException, ExecutionException {
        try (Context context = new Context(CommandService.class, TaskService.class, EventService.class)) {
            context.service(EventService.class).subscribe(list);
            context.service(CommandService.class)
                    .run(InvertCommand.class, false, "image", TestImage.GRAY8.make(16, 8), "steps", 5)
                    .get();
        }
    }

    @Test
    void aCommandIsListedWhileItRuns() throws InterruptedException, ExecutionException {
        final TaskList list = new TaskList(0);
        invert(list);
        assertEquals("Diffusion Invert", list.task.getName());
        final List<String> steps = list.seen.stream()
                .filter(line -> line.startsWith("Inverting "))
                .distinct()
                .toList();
        assertTrue(steps.containsAll(List.of("Inverting 1/5", "Inverting 3/5", "Inverting 5/5")), steps.toString());
        assertTrue(list.task.isDone());
        assertFalse(list.task.isCanceled());
    }

    @Test
    void theButtonOfTheListStopsTheCommand() {
        final TaskList list = new TaskList(2);
        Throwable cause = assertThrows(ExecutionException.class, () -> invert(list));
        while (cause.getCause() != null) cause = cause.getCause();
        assertInstanceOf(CancellationException.class, cause);
        assertTrue(list.seen.contains("Inverting 2/5"), list.seen.toString());
        assertFalse(list.seen.contains("Inverting 5/5"), list.seen.toString());
        assertTrue(list.task.isCanceled());
        assertTrue(list.task.isDone());
    }
}
