package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.NewImage;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.plugin.frame.Recorder;
import java.awt.AWTException;
import java.awt.Choice;
import java.awt.Color;
import java.awt.TextArea;
import java.awt.TextField;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * A user of plain ImageJ who draws nuclei into the overlay of a black image and has an image of them made. Runs in a
 * virtual machine as {@link GuiDriver} does, and prints what it sees.
 */
public final class ControlDriver {

    private static final String COMMAND = "Diffusion Generate...";
    private static final int SIDE = 128;
    private static final int[][] NUCLEI = {
        {14, 18, 30, 24}, {70, 12, 24, 30}, {40, 58, 34, 26}, {90, 62, 22, 22}, {12, 88, 28, 28}, {66, 94, 36, 22}
    };

    private final ScreenUser user;
    private final Desktop desktop = new Desktop();
    private final String steps;

    private ControlDriver(final String... args) throws AWTException {
        user = new ScreenUser(new File(args[0]));
        steps = args[1];
    }

    /** @param args the folder for screenshots, and the number of steps */
    public static void main(final String... args) throws Exception {
        final ControlDriver driver = new ControlDriver(args);
        driver.desktop.open();
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        try {
            driver.generate();
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            driver.user.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }

    private void generate() throws IOException {
        final Recorder recorder = new Recorder();
        final ImagePlus drawing = drawing();
        desktop.place(IJ.getInstance(), 20, 20);
        desktop.place(drawing.getWindow(), 20, 140);
        recorder.setSize(drawing.getWindow().getWidth(), 150);
        recorder.validate();
        desktop.place(recorder, 20, 160 + drawing.getWindow().getHeight());
        user.select(drawing);
        ScreenUser.choose(COMMAND);
        final GenericDialog dialog = ScreenUser.dialog("Diffusion Generate");
        desktop.place(dialog, drawing.getWindow().getX() + drawing.getWindow().getWidth() + 20, 140);
        final TextArea prompt = ScreenUser.all(dialog, TextArea.class).get(0);
        prompt.setText("fluorescence microscopy, bright nuclei");
        prompt.setCaretPosition(0);
        replace(dialog, "50", steps);
        choose(dialog, drawing.getTitle());
        choose(dialog, "rois");
        user.shoot("control-dialog.png", desktop.around(IJ.getInstance(), drawing.getWindow(), dialog));
        user.click(ScreenUser.button(dialog, "OK"));
        final ImagePlus generated = ScreenUser.await(() -> WindowManager.getImage("generated"));
        ScreenUser.awaitThat(() -> !ScreenUser.recorded(COMMAND).isEmpty());
        IJ.run(generated, "In [+]", "");
        IJ.run(generated, "In [+]", "");
        desktop.place(
                generated.getWindow(),
                drawing.getWindow().getX() + drawing.getWindow().getWidth() + 20,
                140);
        user.shoot("control-result.png", desktop.around(drawing.getWindow(), generated.getWindow()));
        ScreenUser.say("size", generated.getWidth() + " x " + generated.getHeight());
        ScreenUser.say("brighter in the drawing", mean(generated, true) > mean(generated, false) + 20 ? "yes" : "no");
        ScreenUser.say("recorded", String.join(" | ", ScreenUser.recorded(COMMAND)));
    }

    private static ImagePlus drawing() {
        final ImagePlus drawing = NewImage.createByteImage("drawing", SIDE, SIDE, 1, NewImage.FILL_BLACK);
        final Overlay overlay = new Overlay();
        for (final int[] n : NUCLEI) overlay.add(new OvalRoi(n[0], n[1], n[2], n[3]), "nucleus");
        overlay.setStrokeColor(Color.yellow);
        drawing.setOverlay(overlay);
        drawing.show();
        IJ.run(drawing, "In [+]", "");
        IJ.run(drawing, "In [+]", "");
        return drawing;
    }

    private static double mean(final ImagePlus image, final boolean drawn) {
        double sum = 0;
        int count = 0;
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++)
                if (isDrawn(x, y) == drawn) {
                    sum += image.getPixel(x, y)[0];
                    count++;
                }
        return sum / count;
    }

    private static boolean isDrawn(final int x, final int y) {
        for (final int[] n : NUCLEI) if (new OvalRoi(n[0], n[1], n[2], n[3]).contains(x, y)) return true;
        return false;
    }

    /** The control image is asked for after the noise to start from. */
    private static void choose(final GenericDialog dialog, final String item) {
        Choice last = null;
        for (final Choice choice : ScreenUser.all(dialog, Choice.class))
            for (int i = 0; i < choice.getItemCount(); i++)
                if (choice.getItem(i).equals(item)) last = choice;
        last.select(item);
    }

    private static void replace(final GenericDialog dialog, final String text, final String replacement) {
        final List<TextField> fields = ScreenUser.texts(dialog);
        fields.stream()
                .filter(field -> field.getText().equals(text))
                .findFirst()
                .orElseThrow()
                .setText(replacement);
    }
}
