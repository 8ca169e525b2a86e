package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.Arrow;
import ij.gui.GenericDialog;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.plugin.frame.Recorder;
import ij.plugin.frame.RoiManager;
import ij.process.ImageProcessor;
import java.awt.AWTException;
import java.awt.Checkbox;
import java.awt.Rectangle;
import java.awt.TextArea;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * A user of plain ImageJ who drags what arrows in the overlay point from, with a mask; runs the recorded line without the
 * arrows; and cancels a long drag by Esc. Runs in a virtual machine as {@link GuiDriver} does, and prints what it sees.
 */
public final class DragDriver {

    private static final String COMMAND = "Diffusion Drag...";

    private final ScreenUser user;
    private final Desktop desktop = new Desktop();
    private final ImagePlus image;
    private final String steps;

    private DragDriver(final String... args) throws AWTException {
        user = new ScreenUser(new File(args[0]));
        image = IJ.openImage(args[1]);
        steps = args[2];
    }

    /** @param args the folder for screenshots, an image file of at least 96 × 96 pixels, steps */
    public static void main(final String... args) throws Exception {
        final DragDriver driver = new DragDriver(args);
        driver.desktop.open();
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        try {
            driver.show();
            final ImagePlus dragged = driver.drag();
            driver.repeat(dragged);
            driver.listed();
            driver.cancel();
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            driver.user.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }

    private void show() {
        new Recorder().setLocation(20, 860);
        image.show();
        while (image.getWindow().getWidth() < 380 || image.getCanvas().getMagnification() % 1 != 0)
            IJ.run(image, "In [+]", "");
        desktop.place(IJ.getInstance(), 20, 20);
        desktop.place(image.getWindow(), 20, 140);
        final Overlay arrows = new Overlay();
        for (final Roi arrow : List.of(new Arrow(28, 51, 52, 36), new Arrow(67, 60, 84, 45))) {
            arrow.setStrokeWidth(1);
            arrows.add(arrow);
        }
        image.setOverlay(arrows);
    }

    private ImagePlus drag() throws IOException {
        image.setRoi(selection());
        final GenericDialog dialog = open(steps);
        final Checkbox intermediate = ScreenUser.all(dialog, Checkbox.class).stream()
                .filter(box -> box.getLabel().equals("Intermediate images"))
                .findFirst()
                .orElseThrow();
        intermediate.setState(true);
        user.shoot("drag-dialog.png", desktop.around(IJ.getInstance(), image.getWindow(), dialog));
        user.click(ScreenUser.button(dialog, "OK"));
        final ImagePlus dragged = ScreenUser.await(() -> WindowManager.getImage("nuclei-dragged"));
        ScreenUser.awaitThat(() -> !image.isLocked());
        final ImagePlus drags = WindowManager.getImage("nuclei-drags");
        // Windows are activated in the order in which they were opened, but after that: the last one stays the current
        // one.
        ScreenUser.awaitThat(() -> WindowManager.getCurrentImage() == dragged);
        ScreenUser.say("current", WindowManager.getCurrentImage().getTitle());
        ScreenUser.say("drags", "" + drags.getStackSize());
        ScreenUser.say("outside", changed(dragged, false) + " changed");
        ScreenUser.say("inside", changed(dragged, true) > 0 ? "some changed" : "none changed");
        drags.close();
        final Rectangle left = image.getWindow().getBounds();
        while (dragged.getWindow().getWidth() < left.width) IJ.run(dragged, "In [+]", "");
        // The arrows came along, and lie over what they point to.
        dragged.setHideOverlay(true);
        desktop.place(dragged.getWindow(), left.x + left.width + 20, 140);
        user.shoot("drag-result.png", desktop.around(image.getWindow(), dragged.getWindow()));
        return dragged;
    }

    /** Runs the recorded line as it stands, without the arrows. */
    private void repeat(final ImagePlus dragged) {
        ScreenUser.awaitThat(() -> !ScreenUser.recorded(COMMAND).isEmpty());
        final String line = ScreenUser.recorded(COMMAND).get(0);
        ScreenUser.say("recorded", line);
        image.setOverlay(null);
        user.select(image);
        IJ.runMacro("selectImage('nuclei.tif'); " + line);
        final ImagePlus repeated = WindowManager.getImage("nuclei-dragged-1");
        int different = 0;
        for (int i = 0; i < repeated.getProcessor().getPixelCount(); i++)
            if (repeated.getProcessor().get(i) != dragged.getProcessor().get(i)) different++;
        ScreenUser.say("repeated", different + " differ");
    }

    /** What the ROI Manager lists, where nothing else is drawn: an area is no handle. */
    private void listed() {
        image.deleteRoi();
        final RoiManager manager = RoiManager.getRoiManager();
        for (final Roi roi :
                List.of(selection(), new Line(28, 51, 40, 45), new Arrow(67, 60, 70, 55), new Arrow(20, 20, 30, 20)))
            manager.addRoi(roi);
        ScreenUser.say("all listed", handlesOfARun());
        // ImageJ selects the first of them in the image, too.
        manager.setSelectedIndexes(new int[] {1, 3});
        ScreenUser.say("selected in the list", handlesOfARun());
        manager.close();
    }

    private String handlesOfARun() {
        user.select(image);
        IJ.runMacro("run('" + COMMAND + "', 'steps=2 strength=1 guidance=1');");
        final ImagePlus dragged = WindowManager.getCurrentImage();
        final String handles = dragged.getInfoProperty()
                .lines()
                .filter(line -> line.startsWith("Palindrome handles: "))
                .findFirst()
                .orElse("none")
                .replaceFirst("^.*: ", "");
        dragged.close();
        return handles;
    }

    /** Starts a long run and stops it. */
    private void cancel() {
        image.setRoi(new Arrow(28, 51, 52, 36));
        final int windows = WindowManager.getImageCount();
        user.click(ScreenUser.button(open("1000"), "OK"));
        ScreenUser.awaitThat(() -> ScreenUser.status().contains(" left "));
        final long pressed = System.nanoTime();
        ScreenUser.pressEscape();
        ScreenUser.awaitThat(() -> !image.isLocked());
        ScreenUser.say("ms to cancel", "" + (System.nanoTime() - pressed) / 1_000_000);
        ScreenUser.say("status after Esc", ScreenUser.status());
        ScreenUser.say("new windows after Esc", "" + (WindowManager.getImageCount() - windows));
    }

    private GenericDialog open(final String count) {
        user.select(image);
        ScreenUser.choose(COMMAND);
        final GenericDialog dialog = ScreenUser.dialog("Diffusion Drag");
        desktop.place(dialog, image.getWindow().getX() + image.getWindow().getWidth() + 20, 140);
        final TextArea prompt = ScreenUser.all(dialog, TextArea.class).get(1);
        prompt.setText("fluorescence microscopy, some medium bright nuclei");
        prompt.setCaretPosition(0);
        ScreenUser.texts(dialog).stream()
                .filter(field -> field.getText().equals("50"))
                .findFirst()
                .orElseThrow()
                .setText(count);
        return dialog;
    }

    private static OvalRoi selection() {
        return new OvalRoi(4, 12, 91, 76);
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
}
