package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.OvalRoi;
import ij.plugin.frame.Recorder;
import ij.text.TextWindow;
import java.awt.AWTException;
import java.awt.Choice;
import java.awt.Dialog;
import java.awt.TextArea;
import java.awt.Window;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A user of plain ImageJ who edits an image, repeats that with other values by the dialogs, looks at the history, and
 * does the same with a folder. Runs in a virtual machine as {@link GuiDriver} does, and prints what it sees.
 */
public final class RepeatDriver {

    private static final String HISTORY = "Diffusion History";
    private static final String BATCH = "Diffusion Batch";

    private final ScreenUser user;
    private final Desktop desktop = new Desktop();
    private final String target;

    private RepeatDriver(final File screenshots, final String target) throws AWTException {
        user = new ScreenUser(screenshots);
        this.target = target;
    }

    /** @param args the folder for screenshots, an image file, a folder for results, and a prompt */
    public static void main(final String... args) throws Exception {
        final RepeatDriver driver = new RepeatDriver(new File(args[0]), args[3]);
        driver.desktop.open();
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        try {
            final ImagePlus image = IJ.openImage(args[1]);
            driver.repeat(image);
            driver.history();
            driver.batch(Path.of(args[1]).getParent().toString(), args[2]);
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            driver.user.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }

    private void repeat(final ImagePlus image) throws IOException {
        image.show();
        desktop.place(IJ.getInstance(), 20, 20);
        desktop.place(image.getWindow(), 20, 140);
        image.setRoi(new OvalRoi(20, 24, 48, 50));
        IJ.runMacro("run('Diffusion Edit...', 'steps=4 strength=0.8 target=[" + target + "]');");
        final ImagePlus edited = WindowManager.getCurrentImage();
        image.deleteRoi();
        new Recorder();
        desktop.place(edited.getWindow(), 20, 300);
        user.select(edited);

        ScreenUser.choose("Diffusion Repeat...");
        final GenericDialog record = ScreenUser.dialog("Diffusion Repeat");
        desktop.place(record, 200, 140);
        ScreenUser.say("on", ScreenUser.all(record, Choice.class).get(0).getSelectedItem());
        final TextArea text = ScreenUser.all(record, TextArea.class).get(0);
        ScreenUser.say("shown", "" + text.getText().contains("\nsampler: O-BELM\n"));
        user.shoot("repeat-dialog.png", desktop.around(IJ.getInstance(), edited.getWindow(), record));
        user.click(ScreenUser.button(record, "OK"));

        final GenericDialog dialog = ScreenUser.dialog("Diffusion Edit");
        desktop.place(dialog, 200, 140);
        // the selection is there as long as it is needed
        ScreenUser.say("selection", "" + (image.getRoi() instanceof OvalRoi));
        ScreenUser.say("prompt", ScreenUser.all(dialog, TextArea.class).get(1).getText());
        user.shoot("repeat-edit-dialog.png");
        ScreenUser.texts(dialog).stream()
                .filter(field -> field.getText().equals("4"))
                .findFirst()
                .orElseThrow()
                .setText("3");
        user.click(ScreenUser.button(dialog, "OK"));
        ScreenUser.await(() -> WindowManager.getImage(edited.getTitle() + "-1"));
        ScreenUser.awaitThat(() -> !image.isLocked() && image.getRoi() == null);
        ScreenUser.awaitThat(() -> !ScreenUser.recorded("Diffusion Repeat...").isEmpty());
        ScreenUser.say(
                "recorded",
                String.join(" | ", ScreenUser.recorded("Diffusion Repeat..."))
                        + ScreenUser.recorded("Diffusion Edit...").size());

        // what is no result says so
        user.select(image);
        ScreenUser.choose("Diffusion Repeat...");
        final Dialog error = ScreenUser.await(() -> ScreenUser.window(Dialog.class, "Palindrome", null));
        user.shoot("repeat-error.png");
        user.click(ScreenUser.button(error, "OK"));
    }

    private void history() throws IOException {
        ScreenUser.choose(HISTORY);
        final TextWindow table = ScreenUser.await(() -> (TextWindow) WindowManager.getFrame(HISTORY));
        ScreenUser.awaitThat(() -> table.getTextPanel().getLineCount() == 2);
        IJ.runMacro("run('Diffusion Generate...', 'steps=2 width=64 height=64 seed=3 prompt=[" + target + "]');");
        ScreenUser.awaitThat(() -> table.getTextPanel().getLineCount() == 3);
        table.setSize(1100, 170);
        table.validate();
        desktop.place(table, 20, 480);
        final String[] cells = table.getTextPanel().getLine(2).split("\t");
        ScreenUser.say("last row", cells[1] + "|" + cells[2] + "|" + cells[6] + "|" + cells[7]);
        user.shoot("history.png", desktop.around(table));
        user.shoot("history-screen.png");
        table.close();
    }

    private void batch(final String input, final String output) throws IOException {
        ScreenUser.choose("Diffusion Batch...");
        final GenericDialog dialog = ScreenUser.dialog(BATCH);
        ScreenUser.texts(dialog).get(0).setText("/data/cells");
        ScreenUser.texts(dialog).get(1).setText("/data/results");
        final TextArea line = ScreenUser.all(dialog, TextArea.class).get(0);
        line.setText("run(\"Diffusion Edit...\", \"steps=2 target=[" + target + "]\");");
        line.setCaretPosition(0);
        desktop.place(dialog, 640, 540);
        user.shoot("batch-dialog.png", desktop.around(dialog));
        ScreenUser.texts(dialog).get(0).setText(input);
        ScreenUser.texts(dialog).get(1).setText(output);
        user.click(ScreenUser.button(dialog, "OK"));
        final TextWindow table = ScreenUser.await(() -> (TextWindow) WindowManager.getFrame(BATCH));
        ScreenUser.awaitThat(() -> table.getTextPanel().getLineCount() > 0);
        table.setSize(700, 150);
        table.validate();
        desktop.place(table, 200, 300);
        ScreenUser.say(
                "batch",
                table.getTextPanel().getLine(0).replaceAll("\\d+\\.\\d+", "n").replace("\t", "|"));
        user.shoot("batch-screen.png");
        ScreenUser.say(
                "left",
                ""
                        + Arrays.stream(Window.getWindows())
                                .filter(window -> window instanceof Dialog && window.isShowing())
                                .count());
    }
}
