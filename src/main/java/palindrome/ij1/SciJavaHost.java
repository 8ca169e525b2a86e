package palindrome.ij1;

import ij.IJ;
import java.util.Comparator;
import java.util.List;
import org.scijava.Context;
import org.scijava.app.StatusService;
import org.scijava.command.CommandInfo;
import org.scijava.command.CommandService;
import org.scijava.log.LogService;
import org.scijava.module.ModuleService;
import org.scijava.task.TaskService;
import palindrome.command.HistoryService;

/**
 * The SciJava context the commands live in: Fiji's own, or in plain ImageJ one
 * of ours, made at the first command and kept.
 */
final class SciJavaHost {

    private static final String LEGACY_SERVICE = "net.imagej.legacy.LegacyService";

    private static final String OWN_PACKAGES = "palindrome.";

    private static Context own;

    private final Context context;

    private SciJavaHost(final Context context) {
        this.context = context;
    }

    /**
     * Finds or makes the context. The calling thread's context class loader must
     * be the plugin's, since SciJava looks for plugins through it.
     */
    static synchronized SciJavaHost get() {
        if (isFiji()) return new SciJavaHost(fijiContext());
        if (own == null)
            own = new Context(
                    CommandService.class,
                    ModuleService.class,
                    LogService.class,
                    StatusService.class,
                    TaskService.class,
                    HistoryService.class);
        return new SciJavaHost(own);
    }

    /**
     * Tells whether ImageJ is Fiji's. NB: only then may
     * {@code IJ.runPlugIn("org.scijava.Context")} be called; elsewhere it makes
     * a new context every time, or fails.
     */
    static boolean isFiji() {
        return SciJavaHost.class.getClassLoader().getResource(LEGACY_SERVICE.replace('.', '/') + ".class") != null;
    }

    private static Context fijiContext() {
        final Object context = IJ.runPlugIn("org.scijava.Context", "");
        if (context == null) throw new IllegalStateException("Fiji has not finished starting: run the command again.");
        return (Context) context;
    }

    Context context() {
        return context;
    }

    /**
     * Finds a command.
     *
     * @throws IllegalStateException if no such command is installed
     */
    CommandInfo command(final String className) {
        final CommandInfo info = context.service(CommandService.class).getCommand(className);
        if (info == null)
            throw new IllegalStateException(
                    "The command " + className + " is not installed: the Palindrome jar is incomplete.");
        return info;
    }

    /** All of Palindrome's own commands, in the order of their labels. */
    List<CommandInfo> commands() {
        // NB: by name, since loading the classes of all of Fiji's commands would take a while
        return context.service(CommandService.class).getCommands().stream()
                .filter(info -> info.getClassName().startsWith(OWN_PACKAGES))
                .sorted(Comparator.comparing(CommandInfo::getLabel))
                .toList();
    }

    LogService log() {
        return context.service(LogService.class);
    }
}
