package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;
import ij.text.TextWindow;
import java.awt.AWTException;
import java.awt.Choice;
import java.awt.Dialog;
import java.awt.TextArea;
import java.io.File;
import java.io.IOException;

/**
 * A user who downloads a model, and almost deletes it. As {@link GuiDriver} in a
 * virtual machine that knows ImageJ and nothing of the plugin.
 */
public final class ModelsDriver {

    private static final String LABEL = "Diffusion Models...";
    private static final String TITLE = "Diffusion Models";

    private final ScreenUser user;

    private ModelsDriver(final File screenshots) throws AWTException {
        user = new ScreenUser(screenshots);
    }

    /** @param args the folder for screenshots, and the model */
    public static void main(final String... args) throws Exception {
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        final ModelsDriver driver = new ModelsDriver(new File(args[0]));
        try {
            driver.play(args[1]);
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            driver.user.shoot("failure.png");
            exc.printStackTrace();
            System.exit(1);
        }
    }

    private void play(final String model) throws IOException {
        new Recorder();

        // a licence that is not accepted: nothing happens, nothing is recorded
        final GenericDialog first = ask("download", model);
        user.shoot("models-dialog.png");
        final GenericDialog refused = next(first);
        user.click(ScreenUser.button(refused, "Cancel"));
        ScreenUser.await(() -> refused.isShowing() ? null : refused);
        ScreenUser.awaitThat(() -> ScreenUser.status().equals(TITLE));
        ScreenUser.say("recorded after refusal", "" + ScreenUser.recorded(LABEL).size());

        final GenericDialog licence = next(ask("download", model));
        ScreenUser.say("licence", ScreenUser.all(licence, TextArea.class).get(0).getText());
        user.shoot("models-licence.png");
        user.click(ScreenUser.button(licence, "Accept and download"));
        final TextWindow table = ScreenUser.await(() -> (TextWindow) WindowManager.getWindow("Models"));
        // the window is there before its lines
        ScreenUser.awaitThat(() -> table.getTextPanel().getLineCount() == 2);
        ScreenUser.say("table", table.getTextPanel().getLine(1).replaceAll("\t", "|"));
        user.shoot("models-table.png");
        ScreenUser.say("recorded", ScreenUser.await(() -> ScreenUser.recorded(LABEL).stream()
                .findFirst()
                .orElse(null)));

        final GenericDialog delete = next(ask("remove", model));
        user.shoot("models-delete.png");
        user.click(ScreenUser.button(delete, "Cancel"));
        ScreenUser.await(() -> delete.isShowing() ? null : delete);
        IJ.runMacro("run('" + LABEL + "', 'action=list');");
        ScreenUser.awaitThat(() -> table.getTextPanel().getLineCount() == 2);
        ScreenUser.say("kept", "" + table.getTextPanel().getLine(1).startsWith(model));
    }

    /** Fills the dialog in. */
    private GenericDialog ask(final String action, final String model) {
        IJ.doCommand(LABEL);
        final GenericDialog dialog = ScreenUser.dialog(TITLE);
        ScreenUser.all(dialog, Choice.class).get(0).select(action);
        ScreenUser.texts(dialog).get(0).setText(model);
        return dialog;
    }

    /** Presses OK and waits for the question that follows. */
    private GenericDialog next(final GenericDialog dialog) {
        user.click(ScreenUser.button(dialog, "  OK  "));
        return (GenericDialog) ScreenUser.await(() -> (Dialog) ScreenUser.window(GenericDialog.class, TITLE, dialog));
    }
}
