package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.WindowManager;
import ij.gui.GenericDialog;
import java.awt.AWTException;
import java.awt.Checkbox;
import java.awt.Dialog;
import java.awt.TextField;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A script, and then a user, with a checkpoint that does not say what its network predicts: who is asked it, once. As {@link GuiDriver} in a
 * virtual machine that knows ImageJ and nothing of the plugin.
 */
public final class PredictionDriver {

    private static final String TITLE = "Diffusion Generate";

    private final ScreenUser user;

    private PredictionDriver(final File screenshots) throws AWTException {
        user = new ScreenUser(screenshots);
    }

    /** @param args the folder for screenshots, and the model */
    public static void main(final String... args) throws Exception {
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        final PredictionDriver driver = new PredictionDriver(new File(args[0]));
        try {
            driver.play(args[1]);
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            driver.user.shoot("failure.png");
            exc.printStackTrace();
            System.exit(1);
        }
    }

    private void play(final String model) throws IOException {
        // a script asks nobody
        new Thread(() -> IJ.run("Diffusion Generate...", "steps=2 width=32 height=32 model=[" + model + "]")).start();
        final Dialog error = ScreenUser.await(() -> ScreenUser.window(Dialog.class, "Palindrome", null));
        user.shoot("prediction-script.png");
        user.click(ScreenUser.button(error, "OK"));

        generate(model);
        final GenericDialog question = ScreenUser.dialog(TITLE);
        final List<Checkbox> answers = ScreenUser.all(question, Checkbox.class);
        ScreenUser.say("answers", answers.stream().map(Checkbox::getLabel).collect(Collectors.joining(", ")));
        user.shoot("prediction-question.png");
        user.click(ScreenUser.button(question, "OK"));
        ScreenUser.await(() -> WindowManager.getImage("generated"));
        generate(model);
        ScreenUser.await(() -> WindowManager.getImage("generated-1"));
        ScreenUser.say("asked again", "" + (ScreenUser.window(GenericDialog.class, TITLE, null) != null));
    }

    /** Fills the dialog in. */
    private void generate(final String model) {
        ScreenUser.choose(TITLE + "...");
        final GenericDialog dialog = ScreenUser.dialog(TITLE);
        final Map<String, String> changes = Map.of("50", "2", "256", "32");
        for (final TextField field : ScreenUser.texts(dialog))
            field.setText(changes.getOrDefault(field.getText(), field.getText()));
        ScreenUser.texts(dialog).stream()
                .filter(field -> field.getText().equals("bundled"))
                .findFirst()
                .orElseThrow()
                .setText(model);
        user.click(ScreenUser.button(dialog, "OK"));
        ScreenUser.awaitThat(() -> !dialog.isShowing());
    }
}
