package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.plugin.frame.Recorder;
import ij.plugin.frame.RoiManager;
import ij.process.ImageProcessor;
import java.awt.AWTException;
import java.awt.Rectangle;
import java.awt.TextArea;
import java.io.File;
import java.io.IOException;
import java.util.List;

/**
 * A user of plain ImageJ who asks where an image would change, repaints a selection and what the ROI Manager lists, and
 * varies the image. Runs in a virtual machine as {@link GuiDriver} does, and prints what it sees.
 */
public final class RepaintDriver {

    private static final String MANY = "fluorescence microscopy, many medium bright nuclei";
    private static final String SOME = "fluorescence microscopy, some medium bright nuclei";
    private static final String FEW = "fluorescence microscopy, few medium bright nuclei";

    private final ScreenUser user;
    private final Desktop desktop = new Desktop();
    private final ImagePlus image;
    private final String steps;

    private RepaintDriver(final String... args) throws AWTException {
        user = new ScreenUser(new File(args[0]));
        image = IJ.openImage(args[1]);
        steps = args[2];
    }

    /** @param args the folder for screenshots, the image file, steps */
    public static void main(final String... args) throws Exception {
        final RepaintDriver driver = new RepaintDriver(args);
        driver.desktop.open();
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        try {
            driver.show();
            driver.mask();
            driver.inpaint();
            driver.listed();
            driver.listedOfAStack();
            driver.vary();
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
    }

    private void mask() throws IOException {
        final GenericDialog dialog = open("Mask", MANY, FEW);
        user.shoot("mask-dialog.png", desktop.around(IJ.getInstance(), image.getWindow(), dialog));
        user.click(ScreenUser.button(dialog, "OK"));
        final ImagePlus mask = result("-mask");
        final ImagePlus heatmap = result("-heatmap");
        int same = 0;
        int masked = 0;
        for (int y = 0; y < image.getHeight(); y++)
            for (int x = 0; x < image.getWidth(); x++) {
                final boolean in = mask.getProcessor().get(x, y) != 0;
                if (in) masked++;
                if (in == (image.getRoi() != null && image.getRoi().contains(x, y))) same++;
            }
        ScreenUser.say("masked", masked > 0 ? "some" : "none");
        ScreenUser.say("selected", same == image.getWidth() * image.getHeight() ? "as masked" : "otherwise");
        close(mask);
        beside(heatmap);
        user.shoot("mask-result.png", desktop.around(image.getWindow(), heatmap.getWindow()));
        close(heatmap);
    }

    private void inpaint() throws IOException {
        final Roi selection = oval(0.2, 0.25, 0.45);
        image.setRoi(selection);
        final GenericDialog dialog = open("Inpaint", FEW);
        user.shoot("inpaint-dialog.png", desktop.around(IJ.getInstance(), image.getWindow(), dialog));
        user.click(ScreenUser.button(dialog, "OK"));
        final ImagePlus inpainted = result("-inpainted");
        report("inpainted", inpainted, selection);
        beside(inpainted);
        user.shoot("inpaint-result.png", desktop.around(image.getWindow(), inpainted.getWindow()));
        close(inpainted);
    }

    /** By the line that was recorded, with the manager in place of the selection. */
    private void listed() {
        ScreenUser.awaitThat(() -> !ScreenUser.recorded("Diffusion Inpaint...").isEmpty());
        final String line = ScreenUser.recorded("Diffusion Inpaint...").get(0);
        ScreenUser.say("recorded", line);
        image.deleteRoi();
        final Roi[] rois = {oval(0.05, 0.1, 0.2), oval(0.7, 0.65, 0.25)};
        final RoiManager manager = RoiManager.getRoiManager();
        for (final Roi roi : rois) manager.addRoi(roi);
        user.select(image);
        IJ.runMacro("selectImage('" + image.getTitle() + "'); " + line.replace("manager=false", "manager=true"));
        final ImagePlus inpainted = result("-inpainted");
        report("listed", inpainted, rois);
        manager.close();
        close(inpainted);
    }

    /** A selection of the second slice is repainted there, and the first one is left alone. */
    private void listedOfAStack() {
        final ImageStack slices = new ImageStack(image.getWidth(), image.getHeight());
        for (int z = 0; z < 2; z++)
            slices.addSlice(image.getProcessor().duplicate().convertToByteProcessor());
        final ImagePlus stack = new ImagePlus("stack.tif", slices);
        stack.show();
        final Roi roi = oval(0.3, 0.3, 0.4);
        roi.setPosition(2);
        final RoiManager manager = RoiManager.getRoiManager();
        manager.addRoi(roi);
        IJ.runMacro("selectImage('stack.tif'); run('Diffusion Inpaint...', 'planes=slices manager=true steps=" + steps
                + "');");
        final ImagePlus inpainted = ScreenUser.await(() -> WindowManager.getImage("stack-inpainted"));
        final StringBuilder changed = new StringBuilder();
        for (int z = 1; z <= 2; z++) {
            inpainted.setSlice(z);
            changed.append(changed(inpainted, false, roi)).append(" outside, ");
            changed.append(Integer.parseInt(changed(inpainted, true, roi)) > 0 ? "some" : "none")
                    .append(" inside; ");
        }
        ScreenUser.say("slices", changed.toString());
        manager.close();
        close(inpainted, stack);
    }

    private void vary() throws IOException {
        image.deleteRoi();
        final GenericDialog dialog = open("Vary", "", SOME);
        ScreenUser.texts(dialog).stream()
                .filter(field -> field.getText().equals("0.5"))
                .findFirst()
                .orElseThrow()
                .setText("0.3");
        user.shoot("vary-dialog.png", desktop.around(IJ.getInstance(), image.getWindow(), dialog));
        user.click(ScreenUser.button(dialog, "OK"));
        final ImagePlus varied = result("-varied");
        ScreenUser.say("varied", varied.getStackSize() + " variations, " + changed(varied, true, image) + " changed");
        IJ.run(varied, "Make Montage...", "columns=2 rows=2 scale=1 border=2 label");
        final ImagePlus montage = ScreenUser.await(() -> WindowManager.getImage("Montage"));
        close(varied);
        beside(montage);
        user.shoot("vary-result.png", desktop.around(image.getWindow(), montage.getWindow()));
    }

    /** Opens a dialog and fills in its prompts, the first ones, and its steps, if it has any. */
    private GenericDialog open(final String command, final String... prompts) {
        user.select(image);
        ScreenUser.choose("Diffusion " + command + "...");
        final GenericDialog dialog = ScreenUser.dialog("Diffusion " + command);
        desktop.place(dialog, image.getWindow().getX() + image.getWindow().getWidth() + 20, 140);
        final List<TextArea> areas = ScreenUser.all(dialog, TextArea.class);
        for (int i = 0; i < prompts.length; i++) {
            areas.get(i).setText(prompts[i]);
            areas.get(i).setCaretPosition(0);
        }
        ScreenUser.texts(dialog).stream()
                .filter(field -> field.getText().equals("50"))
                .findFirst()
                .ifPresent(field -> field.setText(steps));
        return dialog;
    }

    private ImagePlus result(final String suffix) {
        final String title = image.getTitle().replaceFirst("\\.tif$", "") + suffix;
        final ImagePlus result = ScreenUser.await(() -> WindowManager.getImage(title));
        ScreenUser.awaitThat(() -> !image.isLocked());
        return result;
    }

    private void report(final String key, final ImagePlus result, final Roi... selection) {
        ScreenUser.say(
                key,
                changed(result, false, selection) + " changed outside, "
                        + (Integer.parseInt(changed(result, true, selection)) > 0 ? "some" : "none") + " inside");
    }

    private String changed(final ImagePlus result, final boolean inside, final ImagePlus whole) {
        return Integer.parseInt(changed(result, inside, new Roi(0, 0, whole.getWidth(), whole.getHeight()))) > 0
                ? "some"
                : "none";
    }

    private String changed(final ImagePlus result, final boolean inside, final Roi... selection) {
        final ImageProcessor before = image.getProcessor();
        final ImageProcessor after = result.getProcessor();
        int count = 0;
        for (int y = 0; y < before.getHeight(); y++)
            for (int x = 0; x < before.getWidth(); x++) {
                boolean in = false;
                for (final Roi roi : selection) in |= roi.contains(x, y);
                if (in == inside && before.get(x, y) != after.get(x, y)) count++;
            }
        return "" + count;
    }

    private void beside(final ImagePlus result) {
        final Rectangle left = image.getWindow().getBounds();
        while (result.getWindow().getWidth() < left.width) IJ.run(result, "In [+]", "");
        desktop.place(result.getWindow(), left.x + left.width + 20, 140);
    }

    private static void close(final ImagePlus... images) {
        for (final ImagePlus shown : images) {
            shown.changes = false;
            shown.close();
        }
    }

    private OvalRoi oval(final double x, final double y, final double size) {
        return new OvalRoi(
                x * image.getWidth(), y * image.getHeight(), size * image.getWidth(), size * image.getHeight());
    }
}
