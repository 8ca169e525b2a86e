package palindrome.ij1;

import ij.WindowManager;
import java.util.Map;
import java.util.Optional;
import palindrome.command.CommandSignature;
import palindrome.command.Consent;

/**
 * The plugin behind most menu entries of {@code plugins.config}, in plain ImageJ
 * and in Fiji: it asks for a command's inputs, by macro options or by dialog,
 * runs the command on the calling thread and shows what comes out. The entry's
 * argument is the full name of the command's class.
 * <p>
 * NB: the name needs the underscore, or ImageJ says nothing when the class
 * cannot be loaded.
 * </p>
 */
public final class Palindrome_Bridge extends MenuPlugIn {

    @Override
    Optional<String> runOrExplain(final String commandClass) {
        try {
            final CommandExecution command = CommandExecution.of(commandClass);
            return run(command).map(error -> command.signature().title() + ": " + error);
        } catch (final IllegalStateException exc) {
            return Optional.of(exc.getMessage());
        }
    }

    private static Optional<String> run(final CommandExecution command) {
        final CommandSignature signature = command.signature();
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
        return new CommandRun(command, consent).run(inputs.get(), used -> {
            // NB: before the results are shown, whose windows the Recorder notes too
            if (recording) MacroLine.of(signature, used).record();
        });
    }

    /** Gets the inputs from the macro or the user; empty if the user cancels. */
    private static Optional<Map<String, Object>> inputs(final CommandSignature signature) {
        final InputParser parser = new InputParser(signature, OpenImages::find);
        if (isMacro()) return Optional.of(parser.parse(macroOptions(), WindowManager.getCurrentImage()));
        // where there is nothing to ask, a dialog would only be in the way
        if (signature.inputs().isEmpty()) return Optional.of(Map.of());
        return new CommandDialog(signature, parser, WindowManager.getCurrentImage()).ask(MacroOptions.NONE);
    }
}
