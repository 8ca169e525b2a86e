package palindrome.ij1;

import ij.IJ;
import ij.Macro;
import ij.Menus;
import ij.io.OpenDialog;
import ij.macro.Interpreter;
import ij.plugin.Macro_Runner;
import ij.plugin.frame.Editor;
import java.awt.HeadlessException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A macro in a headless, patched ImageJ, and whether it succeeded. ImageJ itself
 * never tells: it reports errors by dialogs or text, and goes on after an
 * exception in a plugin.
 */
final class HeadlessMacro {

    private final Path file;
    private final String source;

    /**
     * @param file where the macro lies, for {@code getInfo("macro.filepath")}
     * @param source its text
     */
    HeadlessMacro(final Path file, final String source) {
        this.file = file;
        this.source = source;
    }

    /**
     * Runs the macro to its end.
     *
     * @param argument what {@code getArgument()} returns
     * @return one sentence on why it failed, or empty
     */
    Optional<String> run(final String argument) {
        try {
            installMenu();
        } catch (final IOException exc) {
            return Optional.of(exc.getMessage());
        }
        // NB: only on a thread of such a name does IJ.error stop a macro everywhere
        Thread.currentThread().setName("Run$_" + file.getFileName() + "_Macro$");
        Macro_Runner.setFilePath(file.toString());
        OpenDialog.setLastDirectory(file.getParent() + File.separator);
        final WatchedInterpreter interpreter = new WatchedInterpreter();
        try (FailureWatch watch = FailureWatch.install()) {
            final Optional<String> error = interpret(interpreter, argument);
            // what ImageJ prints is more telling than what the interpreter keeps
            return watch.failure().or(() -> error);
        }
    }

    private Optional<String> interpret(final WatchedInterpreter interpreter, final String argument) {
        try {
            interpreter.run(Editor.doInclude(source), argument);
        } catch (final RuntimeException exc) {
            // NB: thrown too by a macro's exit(), which is no failure
            if (exc instanceof HeadlessException)
                return Optional.of(
                        "The macro stopped: it opens a window, such as a dialog or the ROI Manager, and there"
                                + " is no display.");
            if (!Macro.MACRO_CANCELED.equals(exc.getMessage())) return Optional.of("The macro stopped: " + exc + ".");
            if (!isExit(exc) && interpreter.getErrorMessage() == null) return Optional.of("The macro was aborted.");
        }
        return interpreter.failure();
    }

    private static boolean isExit(final RuntimeException exc) {
        final StackTraceElement[] trace = exc.getStackTrace();
        return trace.length > 0
                && trace[0].getClassName().equals("ij.macro.Functions")
                && trace[0].getMethodName().equals("exit");
    }

    /** Puts the plugin's commands where ImageJ looks for command names. */
    @SuppressWarnings("unchecked")
    private static void installMenu() throws IOException {
        IJ.runPlugIn("ij.IJ.init", "");
        for (final PluginsConfig.Entry entry : PluginsConfig.read())
            Menus.getCommands().putIfAbsent(entry.label(), entry.command());
    }

    /** Remembers what ended the macro early. */
    private static final class WatchedInterpreter extends Interpreter {

        private boolean aborted;

        @Override
        public void abortMacro() {
            aborted = true;
            super.abortMacro();
        }

        Optional<String> failure() {
            if (getErrorMessage() != null) return Optional.of("Macro Error: " + getErrorMessage());
            if (wasError()) return Optional.of("The macro failed.");
            return aborted ? Optional.of("The macro was aborted by a plugin.") : Optional.empty();
        }
    }
}
