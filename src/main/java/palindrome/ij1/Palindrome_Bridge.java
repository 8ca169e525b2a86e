package palindrome.ij1;

import ij.IJ;
import ij.Macro;
import ij.WindowManager;
import ij.macro.Interpreter;
import ij.plugin.PlugIn;
import java.util.Map;
import java.util.Optional;
import org.scijava.command.CommandInfo;
import palindrome.command.CommandSignature;
import palindrome.command.Consent;

/**
 * The plugin behind every menu entry of {@code plugins.config}, in plain ImageJ
 * and in Fiji: it asks for a command's inputs, by macro options or by dialog,
 * runs the command on the calling thread and shows what comes out.
 * <p>
 * NB: the name needs the underscore, or ImageJ says nothing when the class
 * cannot be loaded.
 * </p>
 */
public final class Palindrome_Bridge implements PlugIn {

    /**
     * Runs one command.
     *
     * @param commandClass full name of the command's class
     */
    @Override
    public void run(final String commandClass) {
        final Thread thread = Thread.currentThread();
        final ClassLoader caller = thread.getContextClassLoader();
        Optional<String> error;
        thread.setContextClassLoader(getClass().getClassLoader());
        try {
            error = runCommand(commandClass);
        } finally {
            thread.setContextClassLoader(caller);
        }
        // NB: IJ.error leaves by an exception when it stops a macro
        error.ifPresent(Palindrome_Bridge::report);
    }

    /** Runs the command and returns the error to report, if any. */
    private static Optional<String> runCommand(final String commandClass) {
        try {
            final SciJavaHost host = SciJavaHost.get();
            final CommandInfo info = host.command(commandClass);
            final CommandSignature signature = CommandSignature.of(info);
            return run(host, info, signature).map(error -> signature.title() + ": " + error);
        } catch (final IllegalStateException exc) {
            return Optional.of(exc.getMessage());
        }
    }

    private static Optional<String> run(
            final SciJavaHost host, final CommandInfo info, final CommandSignature signature) {
        final boolean recording = MacroLine.takeOver(signature.label());
        final Optional<Map<String, Object>> inputs;
        try {
            inputs = inputs(signature);
        } catch (final IllegalArgumentException exc) {
            return Optional.of(exc.getMessage());
        }
        if (inputs.isEmpty()) return Optional.empty();
        final Optional<Consent> consent =
                isMacro() ? Optional.empty() : Optional.of(new ConsentDialog(signature.title()));
        return new CommandRun(host, info, signature, consent).run(inputs.get(), used -> {
            // NB: before the results are shown, whose windows the Recorder notes too
            if (recording) MacroLine.of(signature, used).record();
        });
    }

    /** Gets the inputs from the macro or the user; empty if the user cancels. */
    private static Optional<Map<String, Object>> inputs(final CommandSignature signature) {
        final InputParser parser = new InputParser(signature, OpenImages::find);
        final String options = Macro.getOptions();
        return isMacro()
                ? Optional.of(parser.parse(
                        MacroOptions.parse(options == null ? "" : options), WindowManager.getCurrentImage()))
                : new CommandDialog(signature, parser, WindowManager.getCurrentImage()).ask();
    }

    /** Whether the inputs come from a macro, and nobody is to be asked. */
    private static boolean isMacro() {
        return Macro.getOptions() != null || Interpreter.isBatchMode() || IJ.getInstance() == null;
    }

    private static void report(final String error) {
        // a macro's error goes on with " in line 7"; a script's is shown in a window, as a user's is
        final boolean goesOn = Interpreter.getInstance() != null || IJ.getInstance() == null;
        IJ.error("Palindrome", goesOn ? error.replaceFirst("\\.$", "") : UserMessage.wrap(error));
    }
}
