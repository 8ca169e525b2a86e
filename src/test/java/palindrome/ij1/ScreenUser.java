package palindrome.ij1;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.HTMLDialog;
import ij.plugin.frame.Recorder;
import java.awt.AWTException;
import java.awt.Button;
import java.awt.Component;
import java.awt.Container;
import java.awt.Dialog;
import java.awt.EventQueue;
import java.awt.Menu;
import java.awt.MenuItem;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.Robot;
import java.awt.TextField;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.ActionEvent;
import java.awt.event.InputEvent;
import java.awt.event.KeyEvent;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.swing.JLabel;
import javax.swing.SwingUtilities;

/** Eyes and hands of a user in front of ImageJ. */
final class ScreenUser {

    private static final long TIMEOUT_MS = 100_000;

    private final Robot robot;
    private final File screenshots;

    /** @param screenshots the folder for screenshots */
    ScreenUser(final File screenshots) throws AWTException {
        this.screenshots = screenshots;
        robot = new Robot();
    }

    /** The entries of the menu Plugins>Palindrome. */
    static List<MenuItem> menu() {
        final var bar = IJ.getInstance().getMenuBar();
        return items(
                items(
                        IntStream.range(0, bar.getMenuCount())
                                .mapToObj(bar::getMenu)
                                .toList(),
                        "Plugins"),
                "Palindrome");
    }

    private static List<MenuItem> items(final List<? extends MenuItem> menus, final String label) {
        final Menu menu = (Menu) menus.stream()
                .filter(item -> item instanceof Menu && item.getLabel().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no menu " + label + "."));
        return IntStream.range(0, menu.getItemCount()).mapToObj(menu::getItem).toList();
    }

    /** Chooses an entry of Plugins>Palindrome. */
    static void choose(final String label) {
        final MenuItem item = menu().stream()
                .filter(entry -> entry.getLabel().equals(label))
                .findFirst()
                .orElseThrow();
        item.dispatchEvent(new ActionEvent(item, ActionEvent.ACTION_PERFORMED, label));
    }

    /** Presses Esc in ImageJ's main window. */
    static void pressEscape() {
        IJ.getInstance()
                .keyPressed(new KeyEvent(
                        IJ.getInstance(), KeyEvent.KEY_PRESSED, 0, 0, KeyEvent.VK_ESCAPE, KeyEvent.CHAR_UNDEFINED));
    }

    /** The text of ImageJ's status line. */
    static String status() {
        return all((Container) IJ.getInstance().getStatusBar(), JLabel.class).stream()
                .map(JLabel::getText)
                .findFirst()
                .orElse("");
    }

    /** The lines of the Recorder that run a command. */
    static List<String> recorded(final String label) {
        return Recorder.getInstance()
                .getText()
                .lines()
                .filter(line -> line.startsWith("run(\"" + label))
                .toList();
    }

    static GenericDialog dialog(final String title) {
        return await(() -> window(GenericDialog.class, title, null));
    }

    static <T extends Dialog> T window(final Class<T> type, final String title, final Dialog not) {
        return Arrays.stream(Window.getWindows())
                .filter(window -> type.isInstance(window) && window.isShowing() && window != not)
                .map(type::cast)
                .filter(window -> window.getTitle().equals(title))
                .findFirst()
                .orElse(null);
    }

    /** The window that a dialog's Help button opens, null if there is none. */
    static Window helpWindow() {
        return Arrays.stream(Window.getWindows())
                .filter(window -> window instanceof HTMLDialog && window.isShowing())
                .findFirst()
                .orElse(null);
    }

    static List<TextField> texts(final Container container) {
        return all(container, TextField.class);
    }

    static Button button(final Container container, final String label) {
        return all(container, Button.class).stream()
                .filter(button -> button.getLabel().strip().equals(label.strip()))
                .findFirst()
                .orElseThrow();
    }

    static <T extends Component> List<T> all(final Container container, final Class<T> type) {
        final List<T> found = new ArrayList<>();
        for (final Component component : container.getComponents()) {
            if (type.isInstance(component)) found.add(type.cast(component));
            else if (component instanceof Container inner) found.addAll(all(inner, type));
        }
        return found;
    }

    /** Presses a button without the mouse. */
    static void press(final Button button) {
        // NB: not on this thread, which a modal dialog would hold
        EventQueue.invokeLater(
                () -> button.dispatchEvent(new ActionEvent(button, ActionEvent.ACTION_PERFORMED, button.getLabel())));
    }

    /** Clicks a button that closes its window; presses it if a slow display misses the mouse several times. */
    void click(final Button button) {
        final Window window = SwingUtilities.getWindowAncestor(button);
        clickUntilHidden(button, window);
        if (window.isShowing()) press(button);
    }

    private void clickUntilHidden(final Button button, final Window window) {
        for (int attempt = 0; attempt < 4 && window.isShowing(); attempt++) {
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

    /** Makes an image the current one, after windows opened before have got their focus, which does that too. */
    void select(final ImagePlus image) {
        robot.waitForIdle();
        robot.delay(500);
        WindowManager.setCurrentWindow(image.getWindow());
    }

    /** Takes a picture of the whole screen. */
    void shoot(final String name) throws IOException {
        shoot(name, new Rectangle(Toolkit.getDefaultToolkit().getScreenSize()));
    }

    /** Takes a picture of a part of the screen. */
    void shoot(final String name, final Rectangle part) throws IOException {
        robot.waitForIdle();
        robot.delay(400);
        ImageIO.write(robot.createScreenCapture(part), "png", new File(screenshots, name));
    }

    /** Waits until a value is there. */
    static <T> T await(final Supplier<T> condition) {
        final long end = System.currentTimeMillis() + TIMEOUT_MS;
        while (System.currentTimeMillis() < end) {
            final T value = condition.get();
            if (value != null) return value;
            IJ.wait(50);
        }
        throw new IllegalStateException("Nothing happened within " + TIMEOUT_MS + " ms.");
    }

    /** Waits until something is so. */
    static void awaitThat(final Supplier<Boolean> condition) {
        await(() -> condition.get() ? true : null);
    }

    /** Reports what was seen. */
    static void say(final String key, final String value) {
        System.out.println(key + ": " + value);
    }
}
