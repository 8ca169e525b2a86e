package palindrome.ij1;

import ij.IJ;
import ij.ImageJ;
import ij.ImagePlus;
import ij.gui.GenericDialog;
import java.awt.Checkbox;
import java.awt.MenuItem;
import java.io.File;
import java.io.IOException;
import java.util.Optional;

/**
 * A user of plain ImageJ who opens the dialog of every command and that of its further options, looks at them, and cancels them. Runs in a virtual machine as
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
                ScreenUser.say("dialog", title);
                final GenericDialog last =
                        more(dialog).isPresent() ? moreOptions(user, desktop, title, dialog) : dialog;
                user.click(ScreenUser.button(last, "Cancel"));
                ScreenUser.awaitThat(() -> !last.isShowing());
            }
            System.exit(0);
        } catch (final RuntimeException | LinkageError exc) {
            user.shoot("failure.png");
            exc.printStackTrace();
            // ImageJ's windows would keep this machine running
            System.exit(1);
        }
    }

    private static Optional<Checkbox> more(final GenericDialog dialog) {
        return ScreenUser.all(dialog, Checkbox.class).stream()
                .filter(box -> box.getLabel().equals("More options"))
                .findFirst();
    }

    private static GenericDialog moreOptions(
            final ScreenUser user, final Desktop desktop, final String title, final GenericDialog dialog)
            throws IOException {
        more(dialog).orElseThrow().setState(true);
        user.click(ScreenUser.button(dialog, "OK"));
        final GenericDialog more = ScreenUser.dialog(title + ": more options");
        desktop.place(more, 40, 20);
        user.shoot("more-" + title.toLowerCase().replace(' ', '-') + ".png", desktop.around(more));
        ScreenUser.say("more options", title);
        return more;
    }
}
