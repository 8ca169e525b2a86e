package palindrome.ij1;

import ij.IJ;
import ij.Macro;
import ij.macro.Interpreter;
import ij.plugin.PlugIn;
import java.util.Optional;

/** What the plugins behind the menu entries share: the class loader, and how a failure reaches the user. */
abstract class MenuPlugIn implements PlugIn {

    @Override
    public final void run(final String argument) {
        // NB: IJ.error leaves by an exception when it stops a macro
        PluginLoader.call(() -> runOrExplain(argument)).ifPresent(MenuPlugIn::report);
    }

    /**
     * Runs on the thread that ImageJ calls on.
     *
     * @param argument of the menu entry
     * @return one sentence if it failed, with the name of the command in front
     */
    abstract Optional<String> runOrExplain(String argument);

    /** Whether the inputs come from a macro, and nobody is to be asked. */
    static boolean isMacro() {
        return Macro.getOptions() != null || Interpreter.isBatchMode() || IJ.getInstance() == null;
    }

    /** The options of the macro's {@code run}, none if it gave none. */
    static MacroOptions macroOptions() {
        final String options = Macro.getOptions();
        return MacroOptions.parse(options == null ? "" : options);
    }

    private static void report(final String error) {
        // a macro's error goes on with " in line 7"; a script's is shown in a window, as a user's is
        final boolean goesOn = Interpreter.getInstance() != null || IJ.getInstance() == null;
        IJ.error("Palindrome", goesOn ? error.replaceFirst("\\.$", "") : UserMessage.wrap(error));
    }
}
