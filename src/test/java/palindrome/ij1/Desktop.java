package palindrome.ij1;

import java.awt.Color;
import java.awt.Dialog;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Frame;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Toolkit;
import java.awt.Window;
import java.awt.event.WindowAdapter;
import java.awt.event.WindowEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A background and title bars for a display that has no window manager. */
final class Desktop {

    private static final int BAR = 24;
    private static final int MARGIN = 14;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.BOLD, 13);

    private final Frame background = new Frame();
    private final Dimension screen = Toolkit.getDefaultToolkit().getScreenSize();

    private final Map<Window, TitleBar> bars = new ConcurrentHashMap<>();

    /** Fills the screen. Windows opened from now on lie above. */
    void open() {
        background.setUndecorated(true);
        background.setBackground(new Color(0x5b7083));
        background.setBounds(new Rectangle(screen));
        background.setFocusableWindowState(false);
        background.setVisible(true);
    }

    /** Puts a window and its title bar above all others. */
    void place(final Window window, final int x, final int y) {
        window.setLocation(x, y + BAR);
        window.toFront();
        removeBar(window);
        final TitleBar bar = new TitleBar(background, title(window));
        bars.put(window, bar);
        bar.setBounds(x, y, window.getWidth(), BAR);
        bar.setVisible(true);
        window.addWindowListener(new WindowAdapter() {

            @Override
            public void windowClosed(final WindowEvent event) {
                removeBar(window);
            }
        });
    }

    private void removeBar(final Window window) {
        final TitleBar bar = bars.remove(window);
        if (bar != null) bar.dispose();
    }

    /** The part of the screen that windows with title bars cover, and a margin. */
    Rectangle around(final Window... windows) {
        Rectangle part = new Rectangle();
        for (final Window window : windows) {
            final Rectangle bounds = window.getBounds();
            bounds.y -= BAR;
            bounds.height += BAR;
            part = part.isEmpty() ? bounds : part.union(bounds);
        }
        part.grow(MARGIN, MARGIN);
        return part.intersection(new Rectangle(screen));
    }

    private static String title(final Window window) {
        return window instanceof Frame frame ? frame.getTitle() : ((Dialog) window).getTitle();
    }

    /** The title of the window below it. */
    private static final class TitleBar extends Window {

        private static final long serialVersionUID = 1L;

        private final String title;

        TitleBar(final Window owner, final String title) {
            super(owner);
            this.title = title;
            setFocusableWindowState(false);
            setBackground(new Color(0x2b3a47));
        }

        @Override
        public void paint(final Graphics g) {
            ((Graphics2D) g)
                    .setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setColor(Color.WHITE);
            g.setFont(FONT);
            g.drawString(title, 9, BAR - 7);
        }
    }
}
