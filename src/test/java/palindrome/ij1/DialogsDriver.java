package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import java.awt.MenuItem;
import java.io.File;

/**
 * A user of plain ImageJ who opens the dialog of every command, looks at it, and cancels it. Runs in a virtual machine as
 * {@link GuiDriver} does, and prints the titles.
 */
public final class DialogsDriver {

    private DialogsDriver() {}

    /** @param args the folder for screenshots, and the image file */
    public static void main(final String... args) throws Exception {
        final ScreenUser user = new ScreenUser(new File(args[0]));
        final Desktop desktop = new Desktop();
        desktop.open();
        ImageJ.main(new String[0]);
        ScreenUser.await(IJ::getInstance);
        try {
            final ImagePlus image = IJ.openImage(args[1]);
            image.show();
            for (final MenuItem item : ScreenUser.menu()) {
                final String label = item.getLabel();
                // the dialog of a repetition is that of what it repeats
                if (!label.endsWith("...") || label.contains("Demo") || label.contains("Repeat")) continue;
                user.select(image);
                ScreenUser.choose(label);
                final String title = label.substring(0, label.length() - 3);
                final GenericDialog dialog = ScreenUser.dialog(title);
                desktop.place(dialog, 40, 20);
                user.shoot("dialog-" + title.toLowerCase().replace(' ', '-') + ".png", desktop.around(dialog));
                user.click(ScreenUser.button(dialog, "Cancel"));
                ScreenUser.awaitThat(() -> !dialog.isShowing());
                ScreenUser.say("dialog", title);
            }
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            user.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }
}
