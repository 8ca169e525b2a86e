package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import java.awt.AWTException;
import java.awt.Window;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import javax.swing.JButton;
import javax.swing.JDialog;

/**
 * A user of plain ImageJ who watches an image form and stops it to keep what is seen. Runs in a virtual machine as
 * {@link GuiDriver} does, and prints what it sees.
 */
public final class PreviewDriver {

    private final ScreenUser user;
    private final Desktop desktop = new Desktop();

    private PreviewDriver(final File screenshots) throws AWTException {
        user = new ScreenUser(screenshots);
    }

    /** @param args the folder for screenshots, and the number of steps after which to stop */
    public static void main(final String... args) throws Exception {
        final PreviewDriver driver = new PreviewDriver(new File(args[0]));
        driver.desktop.open();
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        try {
            driver.play(Integer.parseInt(args[1]));
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            driver.user.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }

    private void play(final int steps) throws IOException {
        final ImagePlus before = IJ.createImage("before", "8-bit ramp", 64, 64, 1);
        before.show();
        desktop.place(IJ.getInstance(), 20, 20);
        ScreenUser.choose("Diffusion Generate...");
        final GenericDialog dialog = ScreenUser.dialog("Diffusion Generate");
        ScreenUser.all(dialog, java.awt.TextArea.class)
                .get(0)
                .setText("histology microscopy, many medium bright nuclei");
        ScreenUser.texts(dialog).stream()
                .filter(field -> field.getText().equals("50"))
                .findFirst()
                .orElseThrow()
                .setText("1000");
        user.click(ScreenUser.button(dialog, "OK"));
        final JDialog preview = ScreenUser.await(PreviewDriver::preview);
        ScreenUser.say("title", preview.getTitle());
        ScreenUser.say("current", WindowManager.getCurrentImage().getTitle());
        ScreenUser.awaitThat(() -> stepsDone() >= steps);
        desktop.place(preview, preview.getX(), preview.getY());
        user.shoot("preview.png", desktop.around(IJ.getInstance(), preview));
        ScreenUser.all(preview.getContentPane(), JButton.class).stream()
                .filter(button -> button.getText().startsWith("Stop and keep"))
                .findFirst()
                .orElseThrow()
                .doClick();
        final ImagePlus kept = ScreenUser.await(() -> WindowManager.getImage("estimate"));
        ScreenUser.awaitThat(() -> !preview.isShowing());
        ScreenUser.say("kept", kept.getWidth() + " x " + kept.getHeight() + ", " + kept.getBitDepth() + "-bit");
        ScreenUser.say("marked", "" + kept.getInfoProperty().contains("Palindrome synthetic: diffusion generated"));
        ScreenUser.say("generated", "" + WindowManager.getImage("generated"));
    }

    private static int stepsDone() {
        final String digits = ScreenUser.status().replaceFirst("^\\D*(\\d+)/.*$", "$1");
        return digits.matches("\\d+") ? Integer.parseInt(digits) : 0;
    }

    private static JDialog preview() {
        return (JDialog) Arrays.stream(Window.getWindows())
                .filter(window -> window instanceof JDialog dialog
                        && dialog.isShowing()
                        && dialog.getTitle().startsWith("Preview"))
                .findFirst()
                .orElse(null);
    }
}
