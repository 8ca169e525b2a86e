package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.gui.GenericDialog;
import ij.measure.ResultsTable;
import ij.process.ImageProcessor;
import ij.text.TextWindow;
import java.awt.AWTException;
import java.awt.Checkbox;
import java.awt.Choice;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Opens ImageJ, inverts an image from the menu, reconstructs it, goes from it to another one, compares samplers, and asks what
 * the machine has. Runs in a process whose classpath has no Palindrome but in ImageJ's plugins folder.
 */
public final class LatentsDriver {

    private static final int PLOTS = 4;

    private final ScreenUser user;
    private final Desktop desktop = new Desktop();
    private final ImagePlus image;

    private LatentsDriver(final String... args) throws AWTException {
        user = new ScreenUser(new File(args[0]));
        image = IJ.openImage(args[1]);
    }

    /** @param args the folder for screenshots, the image file */
    public static void main(final String... args) throws Exception {
        final LatentsDriver driver = new LatentsDriver(args);
        driver.desktop.open();
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        try {
            driver.image.show();
            driver.reconstruct(driver.invert());
            driver.interpolate();
            driver.compare();
            driver.setup();
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            driver.user.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }

    private ImagePlus invert() {
        user.click(ScreenUser.button(open("Invert", image, Map.of("50", "4")), "OK"));
        final ImagePlus latent = made("nuclei-latent");
        final ResultsTable table = ResultsTable.getResultsTable();
        ScreenUser.say("inverted", latent.getBitDepth() + "-bit, " + table.size() + " row");
        return latent;
    }

    private void reconstruct(final ImagePlus latent) throws IOException {
        user.click(ScreenUser.button(open("Reconstruct", latent, Map.of()), "OK"));
        final ImagePlus back = made("nuclei-reconstructed");
        ScreenUser.say("reconstructed", differences(image, back) + " differences");
        desktop.place(image.getWindow(), 20, 140);
        desktop.place(latent.getWindow(), 320, 140);
        desktop.place(back.getWindow(), 620, 140);
        user.shoot("latents.png", desktop.around(image.getWindow(), latent.getWindow(), back.getWindow()));
        close(latent, back);
    }

    private void interpolate() {
        final ImagePlus other = image.duplicate();
        other.setTitle("other.tif");
        other.getProcessor().flipHorizontal();
        other.show();
        final GenericDialog dialog = open("Interpolate", image, Map.of("50", "4"));
        choose(dialog, "other.tif");
        user.click(ScreenUser.button(dialog, "OK"));
        final ImagePlus series = made("interpolated");
        final int last = series.getStackSize();
        ScreenUser.say(
                "interpolated",
                last + " images, " + differences(image, slice(series, 1)) + " and "
                        + differences(other, slice(series, last)) + " differences at the ends");
        close(series, other);
    }

    /** The second list of images is that of the other one. */
    private static void choose(final GenericDialog dialog, final String title) {
        final List<Choice> images = ScreenUser.all(dialog, Choice.class).stream()
                .filter(choice -> items(choice).contains(title))
                .toList();
        images.get(images.size() - 1).select(title);
    }

    private static List<String> items(final Choice choice) {
        return IntStream.range(0, choice.getItemCount())
                .mapToObj(choice::getItem)
                .toList();
    }

    private void compare() {
        final GenericDialog dialog = open(
                "Compare Samplers",
                image,
                Map.of("10 20 50", "4", "O-BELM, BDIA, EDICT, DDIM", "O-BELM, DDIM", "64", "16"));
        user.click(ScreenUser.button(dialog, "OK"));
        ScreenUser.awaitThat(() -> WindowManager.getImageCount() == 1 + PLOTS);
        ScreenUser.awaitThat(() -> !image.isLocked());
        ScreenUser.say(
                "compared",
                PLOTS + " plots, "
                        + (ResultsTable.getResultsTable("Results").columnExists("Sampler") ? "a table" : ""));
    }

    private void setup() {
        final GenericDialog dialog = open("Setup", image, Map.of());
        ScreenUser.all(dialog, Checkbox.class).forEach(box -> box.setState(false));
        user.click(ScreenUser.button(dialog, "OK"));
        final TextWindow report = ScreenUser.await(() -> {
            for (final String title : WindowManager.getNonImageTitles())
                if (title.contains("Setup") && WindowManager.getWindow(title) instanceof TextWindow text) return text;
            return null;
        });
        ScreenUser.say("report", report.getTitle());
    }

    /** @param texts fields to fill in, by what they hold */
    private GenericDialog open(final String command, final ImagePlus current, final Map<String, String> texts) {
        user.select(current);
        ScreenUser.choose("Diffusion " + command + "...");
        final GenericDialog dialog = ScreenUser.dialog("Diffusion " + command);
        desktop.place(dialog, 340, 140);
        ScreenUser.texts(dialog).forEach(field -> field.setText(texts.getOrDefault(field.getText(), field.getText())));
        return dialog;
    }

    private ImagePlus made(final String title) {
        final ImagePlus result = ScreenUser.await(() -> WindowManager.getImage(title));
        ScreenUser.awaitThat(() -> !image.isLocked());
        return result;
    }

    private static ImagePlus slice(final ImagePlus series, final int number) {
        return new ImagePlus("", series.getStack().getProcessor(number));
    }

    private static int differences(final ImagePlus before, final ImagePlus after) {
        final ImageProcessor a = before.getProcessor();
        final ImageProcessor b = after.getProcessor();
        if (a.getBitDepth() != b.getBitDepth()) return -1;
        int count = 0;
        for (int i = 0; i < a.getPixelCount(); i++) if (a.get(i) != b.get(i)) count++;
        return count;
    }

    private static void close(final ImagePlus... images) {
        for (final ImagePlus shown : images) {
            shown.changes = false;
            shown.close();
        }
    }
}
