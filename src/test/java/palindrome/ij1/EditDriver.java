package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.OvalRoi;
import ij.plugin.frame.Recorder;
import ij.process.ImageProcessor;
import java.awt.AWTException;
import java.awt.Rectangle;
import java.awt.TextArea;
import java.awt.Window;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * A user of plain ImageJ who edits a selected part of an image with the bundled
 * model: by dialog, canceled by Esc, and again by the recorded macro line. Runs
 * in a virtual machine as {@link GuiDriver} does, and prints what it sees.
 */
public final class EditDriver {

    private static final String COMMAND = "Diffusion Edit...";
    private static final String DIALOG = "Diffusion Edit";

    private final ScreenUser user;
    private final Desktop desktop = new Desktop();
    private final ImagePlus image;
    private final String steps;
    private final String strength;
    private final List<String> prompts;

    private EditDriver(final String... args) throws AWTException {
        user = new ScreenUser(new File(args[0]));
        image = IJ.openImage(args[1]);
        steps = args[2];
        strength = args[3];
        prompts = List.of(args[4], args[5]);
    }

    /**
     * @param args the folder for screenshots, the image file, steps, strength, source prompt, target prompt; and
     *     {@code twice} to cancel and repeat the edit
     */
    public static void main(final String... args) throws Exception {
        final EditDriver driver = new EditDriver(args);
        driver.desktop.open();
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        try {
            final ImagePlus edited = driver.edit();
            if (args.length > 6) {
                driver.cancel();
                driver.repeat(edited);
            }
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            driver.user.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }

    private ImagePlus edit() throws IOException {
        final Recorder recorder = new Recorder();
        image.show();
        while (!isShownWell()) IJ.run(image, "In [+]", "");
        image.setRoi(selection());
        desktop.place(IJ.getInstance(), 20, 20);
        desktop.place(image.getWindow(), 20, 140);
        final Rectangle window = image.getWindow().getBounds();
        recorder.setSize(2 * window.width + 20, 150);
        recorder.validate();
        desktop.place(recorder, window.x, Math.max(650, window.y + window.height + 40));

        final GenericDialog dialog = fillIn(steps);
        user.shoot("edit-dialog-screen.png");
        user.shoot("edit-dialog.png", desktop.around(IJ.getInstance(), image.getWindow(), dialog));
        help(dialog);
        user.click(ScreenUser.button(dialog, "OK"));
        final ImagePlus edited = ScreenUser.await(() -> WindowManager.getImage(title("-edited")));
        ScreenUser.awaitThat(() -> !image.isLocked());
        ScreenUser.say("edited", edited.getTitle());
        ScreenUser.say("outside", changed(edited, false) + " changed");
        ScreenUser.say("inside", changed(edited, true) > 0 ? "some changed" : "none changed");
        ScreenUser.awaitThat(() -> !ScreenUser.recorded(COMMAND).isEmpty());
        arrange(edited, recorder);
        user.shoot("edit-result-screen.png");
        user.shoot("edit-result.png", desktop.around(image.getWindow(), edited.getWindow(), recorder));
        return edited;
    }

    /** Runs the recorded line as it stands, which does the same again. */
    private void repeat(final ImagePlus edited) {
        final List<String> lines = ScreenUser.recorded(COMMAND);
        ScreenUser.say("recorded", String.join(" | ", lines));
        user.select(image);
        IJ.runMacro("selectImage('" + image.getTitle() + "'); " + lines.get(0));
        final ImagePlus repeated = WindowManager.getCurrentImage();
        ScreenUser.say("repeated", repeated.getTitle() + (same(edited, repeated) ? " is" : " is not") + " the same");
    }

    /** Opens the dialog and fills it in. */
    private GenericDialog fillIn(final String count) {
        user.select(image);
        ScreenUser.choose(COMMAND);
        final GenericDialog dialog = ScreenUser.dialog(DIALOG);
        desktop.place(dialog, image.getWindow().getX() + image.getWindow().getWidth() + 20, 140);
        final List<TextArea> areas = ScreenUser.all(dialog, TextArea.class);
        for (int i = 0; i < prompts.size(); i++) {
            areas.get(i).setText(prompts.get(i));
            areas.get(i).setCaretPosition(0);
        }
        replace(dialog, "50", count);
        replace(dialog, "0.6", strength);
        return dialog;
    }

    private static void replace(final GenericDialog dialog, final String text, final String replacement) {
        ScreenUser.texts(dialog).stream()
                .filter(field -> field.getText().equals(text))
                .findFirst()
                .orElseThrow()
                .setText(replacement);
    }

    private void help(final GenericDialog dialog) throws IOException {
        ScreenUser.press(ScreenUser.button(dialog, "Help"));
        final Window help = ScreenUser.await(ScreenUser::helpWindow);
        user.shoot("edit-help.png");
        help.dispose();
    }

    /** Starts a long run and stops it. */
    private void cancel() throws IOException {
        final int windows = WindowManager.getImageCount();
        user.click(ScreenUser.button(fillIn("1000"), "OK"));
        ScreenUser.awaitThat(() -> ScreenUser.status().contains(" left "));
        user.shoot("edit-running.png");
        final long pressed = System.nanoTime();
        ScreenUser.pressEscape();
        ScreenUser.awaitThat(() -> !image.isLocked());
        ScreenUser.say("ms to cancel", "" + (System.nanoTime() - pressed) / 1_000_000);
        ScreenUser.say("status after Esc", ScreenUser.status());
        ScreenUser.say("new windows after Esc", "" + (WindowManager.getImageCount() - windows));
    }

    /** Large, and every pixel as large as the others. */
    private boolean isShownWell() {
        return image.getWindow().getWidth() >= 380 && image.getCanvas().getMagnification() % 1 == 0;
    }

    /** Source and result side by side, what was recorded below. */
    private void arrange(final ImagePlus edited, final Recorder recorder) {
        final Rectangle left = image.getWindow().getBounds();
        while (edited.getWindow().getWidth() < left.width) IJ.run(edited, "In [+]", "");
        desktop.place(edited.getWindow(), left.x + left.width + 20, 140);
        desktop.place(recorder, left.x, left.y + left.height + 12);
    }

    private OvalRoi selection() {
        final double w = image.getWidth();
        final double h = image.getHeight();
        return new OvalRoi(0.22 * w, 0.25 * h, 0.5 * w, 0.55 * h);
    }

    private String title(final String suffix) {
        return image.getTitle().replaceFirst("\\.tif$", "") + suffix;
    }

    /** Counts pixels inside or outside the selection that differ from the image's. */
    private int changed(final ImagePlus other, final boolean inside) {
        final OvalRoi selection = selection();
        final ImageProcessor before = image.getProcessor();
        final ImageProcessor after = other.getProcessor();
        int count = 0;
        for (int y = 0; y < before.getHeight(); y++)
            for (int x = 0; x < before.getWidth(); x++)
                if (selection.contains(x, y) == inside && before.get(x, y) != after.get(x, y)) count++;
        return count;
    }

    private static boolean same(final ImagePlus a, final ImagePlus b) {
        for (int i = 0; i < a.getProcessor().getPixelCount(); i++)
            if (a.getProcessor().get(i) != b.getProcessor().get(i)) return false;
        return true;
    }
}
