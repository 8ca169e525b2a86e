package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;
import java.awt.AWTException;
import java.awt.Choice;
import java.awt.Dialog;
import java.awt.MenuItem;
import java.awt.TextArea;
import java.io.File;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * A user in front of plain ImageJ, in a virtual machine whose class path holds
 * ImageJ and this class only: the plugin must come from the plugins folder.
 * What it sees is printed as {@code key: value} lines.
 */
public final class GuiDriver {

    private final ScreenUser user;

    private GuiDriver(final File screenshots) throws AWTException {
        user = new ScreenUser(screenshots);
    }

    /** @param args the folder for screenshots */
    public static void main(final String... args) throws Exception {
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        final GuiDriver driver = new GuiDriver(new File(args[0]));
        try {
            driver.play();
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            driver.user.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }

    private void play() throws IOException {
        ScreenUser.say(
                "menu", ScreenUser.menu().stream().map(MenuItem::getLabel).collect(Collectors.joining(", ")));
        final ImagePlus image = IJ.createImage("ramp", "8-bit ramp", 128, 96, 1);
        image.show();
        new Recorder();

        IJ.doCommand("Diffusion Demo...");
        final GenericDialog dialog = ScreenUser.dialog("Diffusion Demo");
        ScreenUser.texts(dialog).get(0).setText("1"); // too few steps
        user.click(ScreenUser.button(dialog, "  OK  "));
        final Dialog error = ScreenUser.await(() -> ScreenUser.window(Dialog.class, "Diffusion Demo", dialog));
        user.shoot("error.png");
        user.click(ScreenUser.button(error, "  OK  "));
        final GenericDialog again = ScreenUser.dialog("Diffusion Demo");
        ScreenUser.say("kept", ScreenUser.texts(again).get(0).getText());
        ScreenUser.texts(again).get(0).setText("7");
        ScreenUser.all(again, Choice.class).get(0).select("two words");
        ScreenUser.all(again, TextArea.class).get(0).setText("say \"hi\", steps=99 \u661f");
        user.shoot("demo-dialog.png");
        user.click(ScreenUser.button(again, "  OK  "));
        final ImagePlus output = ScreenUser.await(() -> WindowManager.getImage("ramp-demo"));
        ScreenUser.say("inputs", escape(output.getProp("inputs")));
        ScreenUser.say(
                "current",
                ScreenUser.await(() -> WindowManager.getCurrentImage() == output ? output.getTitle() : null));
        final String recorded = ScreenUser.await(() ->
                ScreenUser.recorded("Diffusion Demo...").stream().findFirst().orElse(null));
        ScreenUser.say("recorded", recorded);

        // the recorded line, run as it stands, does the same again
        user.select(image);
        IJ.runMacro("selectImage('ramp'); " + recorded);
        final ImagePlus repeated = WindowManager.getCurrentImage();
        ScreenUser.say("repeated", repeated.getTitle() + " " + escape(repeated.getProp("inputs")));

        // a wrong value in a macro stops it with a message, not a dialog to fill in
        new Thread(() -> IJ.runMacro("run('Diffusion Demo...', 'steps=1'); setTitle('not reached');")).start();
        final Dialog macroError = ScreenUser.await(() -> ScreenUser.window(Dialog.class, "Macro Error", null));
        user.shoot("macro-error.png");
        user.click(ScreenUser.button(macroError, "  OK  "));
        ScreenUser.say("after error", "" + (WindowManager.getImage("not reached") == null));

        // Esc leaves a running command and its macro
        user.select(image);
        final Thread macro = new Thread(
                () -> IJ.runMacro("run('Diffusion Demo...', 'mode=slow'); setTitle('not reached');"), "slow_Macro$");
        macro.start();
        ScreenUser.say(
                "status",
                ScreenUser.await(() -> ScreenUser.status().contains(" left ") ? ScreenUser.status() : null)
                        .replaceAll("\\d+", "n"));
        ScreenUser.pressEscape();
        ScreenUser.await(() -> macro.isAlive() ? null : macro);
        ScreenUser.say("after Esc", (WindowManager.getImage("not reached") == null) + " " + image.isLocked());

        // canceling records nothing
        ScreenUser.choose("Diffusion Edit...");
        final GenericDialog edit = ScreenUser.dialog("Diffusion Edit");
        user.shoot("edit-dialog-plain.png");
        user.click(ScreenUser.button(edit, "Cancel"));
        ScreenUser.await(() -> edit.isShowing() ? null : edit);
        ScreenUser.say(
                "lines",
                ""
                        + Recorder.getInstance()
                                .getText()
                                .lines()
                                .filter(line -> line.contains("Diffusion"))
                                .count());
    }

    private static String escape(final String text) {
        return text.replace("\u661f", "\\u661f");
    }
}
