package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.plugin.frame.Recorder;
import java.awt.AWTException;
import java.awt.Button;
import java.awt.Choice;
import java.awt.Component;
import java.awt.Container;
import java.awt.Dialog;
import java.awt.Menu;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.TextArea;
import java.awt.TextField;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import javax.swing.JLabel;
import javax.swing.SwingUtilities;

/**
 * A user in front of plain ImageJ, in a virtual machine whose class path holds
 * ImageJ and this class only: the plugin must come from the plugins folder.
 * What it sees is printed as {@code key: value} lines.
 */
public final class GuiDriver {

    private static final long TIMEOUT_MS = 30_000;

    private final Robot robot;
    private final File screenshots;

    private GuiDriver(final File screenshots) throws AWTException {
        this.screenshots = screenshots;
        robot = new Robot();
    }

    /** @param args the folder for screenshots */
    public static void main(final String... args) throws Exception {
        ImageJ.main(new String[0]);
        await(IJ::getInstance);
        final GuiDriver driver = new GuiDriver(new File(args[0]));
        try {
            driver.play();
            System.exit(0);
        } catch (final RuntimeException exc) {
            driver.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }

    private void play() throws IOException {
        say("menu", menuItems());
        final ImagePlus image = IJ.createImage("ramp", "8-bit ramp", 128, 96, 1);
        image.show();
        new Recorder();

        IJ.doCommand("Diffusion Demo...");
        final GenericDialog dialog = dialog("Diffusion Demo");
        texts(dialog).get(0).setText("1"); // too few steps
        click(button(dialog, "  OK  "));
        final Dialog error = await(() -> window(Dialog.class, "Diffusion Demo", dialog));
        shoot("error.png");
        click(button(error, "  OK  "));
        final GenericDialog again = dialog("Diffusion Demo");
        say("kept", texts(again).get(0).getText());
        texts(again).get(0).setText("7");
        all(again, Choice.class).get(0).select("two words");
        all(again, TextArea.class).get(0).setText("say \"hi\", steps=99 \u661f");
        shoot("demo-dialog.png");
        click(button(again, "  OK  "));
        final ImagePlus output = await(() -> WindowManager.getImage("ramp-demo"));
        say("inputs", escape(output.getProp("inputs")));
        say("current", await(() -> WindowManager.getCurrentImage() == output ? output.getTitle() : null));
        final String recorded = await(() -> recorded("Diffusion Demo..."));
        say("recorded", recorded);

        // the recorded line, run as it stands, does the same again
        WindowManager.setCurrentWindow(image.getWindow());
        IJ.runMacro(recorded);
        final ImagePlus repeated = WindowManager.getCurrentImage();
        say("repeated", repeated.getTitle() + " " + escape(repeated.getProp("inputs")));

        // a wrong value in a macro stops it with a message, not a dialog to fill in
        new Thread(() -> IJ.runMacro("run('Diffusion Demo...', 'steps=1'); setTitle('not reached');")).start();
        final Dialog macroError = await(() -> window(Dialog.class, "Macro Error", null));
        shoot("macro-error.png");
        click(button(macroError, "  OK  "));
        say("after error", "" + (WindowManager.getImage("not reached") == null));

        // Esc leaves a running command and its macro
        WindowManager.setCurrentWindow(image.getWindow());
        final Thread macro = new Thread(
                () -> IJ.runMacro("run('Diffusion Demo...', 'mode=slow'); setTitle('not reached');"), "slow_Macro$");
        macro.start();
        say("status", await(() -> status().contains(" left ") ? status() : null).replaceAll("\\d+", "n"));
        IJ.getInstance()
                .keyPressed(new KeyEvent(
                        IJ.getInstance(), KeyEvent.KEY_PRESSED, 0, 0, KeyEvent.VK_ESCAPE, KeyEvent.CHAR_UNDEFINED));
        await(() -> macro.isAlive() ? null : macro);
        say("after Esc", (WindowManager.getImage("not reached") == null) + " " + image.isLocked());

        // canceling records nothing
        IJ.doCommand("Diffusion Edit...");
        final GenericDialog edit = dialog("Diffusion Edit");
        shoot("edit-dialog.png");
        click(button(edit, "Cancel"));
        await(() -> edit.isShowing() ? null : edit);
        say(
                "lines",
                ""
                        + Recorder.getInstance()
                                .getText()
                                .lines()
                                .filter(line -> line.contains("Diffusion"))
                                .count());
    }

    private static String status() {
        return all((Container) IJ.getInstance().getStatusBar(), JLabel.class).stream()
                .map(JLabel::getText)
                .findFirst()
                .orElse("");
    }

    private static String menuItems() {
        final var bar = IJ.getInstance().getMenuBar();
        for (int i = 0; i < bar.getMenuCount(); i++) {
            final Menu plugins = bar.getMenu(i);
            if (!plugins.getLabel().equals("Plugins")) continue;
            for (int j = 0; j < plugins.getItemCount(); j++) {
                if (!(plugins.getItem(j) instanceof Menu menu)
                        || !menu.getLabel().equals("Palindrome")) continue;
                final List<String> labels = new ArrayList<>();
                for (int k = 0; k < menu.getItemCount(); k++)
                    labels.add(menu.getItem(k).getLabel());
                return String.join(", ", labels);
            }
        }
        return "none";
    }

    private static String recorded(final String label) {
        return Recorder.getInstance()
                .getText()
                .lines()
                .filter(line -> line.startsWith("run(\"" + label))
                .findFirst()
                .orElse(null);
    }

    private static GenericDialog dialog(final String title) {
        return await(() -> window(GenericDialog.class, title, null));
    }

    private static <T extends Dialog> T window(final Class<T> type, final String title, final Dialog not) {
        return Arrays.stream(Window.getWindows())
                .filter(window -> type.isInstance(window) && window.isShowing() && window != not)
                .map(type::cast)
                .filter(window -> window.getTitle().equals(title))
                .findFirst()
                .orElse(null);
    }

    private static List<TextField> texts(final Container container) {
        return all(container, TextField.class);
    }

    private static Button button(final Container container, final String label) {
        return all(container, Button.class).stream()
                .filter(button -> button.getLabel().strip().equals(label.strip()))
                .findFirst()
                .orElseThrow();
    }

    private static <T extends Component> List<T> all(final Container container, final Class<T> type) {
        final List<T> found = new ArrayList<>();
        for (final Component component : container.getComponents()) {
            if (type.isInstance(component)) found.add(type.cast(component));
            else if (component instanceof Container inner) found.addAll(all(inner, type));
        }
        return found;
    }

    /** Clicks a button that closes its window, again if a slow machine missed it. */
    private void click(final Button button) {
        final Window window = SwingUtilities.getWindowAncestor(button);
        for (int attempt = 0; attempt < 10 && window.isShowing(); attempt++) {
            robot.waitForIdle();
            robot.delay(200);
            if (!window.isShowing()) return;
            final Point corner = button.getLocationOnScreen();
            robot.mouseMove(corner.x + button.getWidth() / 2, corner.y + button.getHeight() / 2);
            robot.mousePress(InputEvent.BUTTON1_DOWN_MASK);
            robot.delay(50);
            robot.mouseRelease(InputEvent.BUTTON1_DOWN_MASK);
            for (int i = 0; i < 20 && window.isShowing(); i++) robot.delay(50);
        }
    }

    private void shoot(final String name) throws IOException {
        robot.waitForIdle();
        robot.delay(400);
        final Rectangle screen = new Rectangle(Toolkit.getDefaultToolkit().getScreenSize());
        ImageIO.write(robot.createScreenCapture(screen), "png", new File(screenshots, name));
    }

    private static <T> T await(final Supplier<T> condition) {
        final long end = System.currentTimeMillis() + TIMEOUT_MS;
        while (System.currentTimeMillis() < end) {
            final T value = condition.get();
            if (value != null) return value;
            IJ.wait(50);
        }
        throw new IllegalStateException("Nothing happened within " + TIMEOUT_MS + " ms.");
    }

    private static String escape(final String text) {
        return text.replace("\u661f", "\\u661f");
    }

    private static void say(final String key, final String value) {
        System.out.println(key + ": " + value);
    }
}
