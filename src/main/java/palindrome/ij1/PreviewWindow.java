package palindrome.ij1;

import ij.IJ;
import ij.gui.GUI;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import java.awt.BorderLayout;
import java.awt.Dimension;
import java.awt.Frame;
import java.awt.Point;
import java.awt.Rectangle;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.swing.ImageIcon;
import javax.swing.JButton;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;
import javax.swing.WindowConstants;
import net.imglib2.RandomAccess;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.type.numeric.real.DoubleType;

/**
 * The image as it forms, with a button to stop the run and one to stop it and keep what is seen.
 * <p>
 * NB: no ImageJ window, which would become the current image under the feet of a macro.
 * </p>
 */
final class PreviewWindow {

    private static final long INTERVAL = 500_000_000L;
    private static final int SMALLEST = 256;
    private static final int LARGEST = 512;
    private static final int WHITE = 255;
    private static final int GAP = 20;

    private final Pace pace;

    /** Of Swing's thread, as is {@link #picture}. */
    private JDialog window;

    private JLabel picture;

    private volatile ImageProcessor last;
    private volatile boolean closed;
    private volatile boolean stopped;
    private volatile boolean kept;

    /** @param nanoTime the clock, {@link System#nanoTime} */
    PreviewWindow(final LongSupplier nanoTime) {
        pace = new Pace(INTERVAL, nanoTime);
    }

    /** Whether a new picture should be shown now. */
    boolean isDue() {
        return !closed && pace.isDue();
    }

    /**
     * Shows a picture. Returns at once.
     *
     * @param image numbers with the axes X, Y and channel, about [−1, 1]
     */
    void show(final String title, final RandomAccessibleInterval<DoubleType> image) {
        last = processor(image);
        final ImageIcon icon = new ImageIcon(scaled(last).createImage());
        SwingUtilities.invokeLater(() -> {
            if (closed) return;
            if (window == null) open(title);
            picture.setIcon(icon);
            window.pack();
            if (window.isVisible()) return;
            window.setLocation(place(
                    GUI.getMaxWindowBounds(IJ.getInstance()), IJ.getInstance().getBounds(), window.getSize()));
            window.setVisible(true);
        });
    }

    /** Whether the user pressed one of the buttons. */
    boolean isStopped() {
        return stopped;
    }

    /** The last picture, if the user wanted to keep it. */
    Optional<ImageProcessor> kept() {
        return kept ? Optional.ofNullable(last) : Optional.empty();
    }

    /** Takes the window away; nothing is shown any more. */
    void close() {
        closed = true;
        SwingUtilities.invokeLater(() -> {
            if (window != null) window.dispose();
        });
    }

    private void open(final String title) {
        picture = new JLabel();
        final JButton stop = new JButton("Stop");
        stop.addActionListener(event -> stopped = true);
        final JButton keep = new JButton("Stop and keep this");
        keep.addActionListener(event -> {
            kept = true;
            stopped = true;
        });
        final JPanel buttons = new JPanel();
        buttons.add(stop);
        buttons.add(keep);
        window = new JDialog((Frame) null, "Preview: " + title, false) {

            private static final long serialVersionUID = 1L;

            /** Who closes the window does not want to see more; the run goes on. */
            @Override
            public void dispose() {
                closed = true;
                super.dispose();
            }
        };
        window.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
        window.setFocusableWindowState(false);
        window.add(picture, BorderLayout.CENTER);
        window.add(buttons, BorderLayout.SOUTH);
    }

    /** Beside ImageJ's main window or, where there is no room, below it; on the screen in any case. */
    static Point place(final Rectangle screen, final Rectangle main, final Dimension size) {
        final int right = main.x + main.width + GAP;
        final int lastX = screen.x + screen.width - size.width;
        final int lastY = screen.y + screen.height - size.height;
        final int top = right <= lastX ? main.y : main.y + main.height + GAP;
        return new Point(Math.max(screen.x, Math.min(right, lastX)), Math.max(screen.y, Math.min(top, lastY)));
    }

    /** Small images are seen enlarged by a whole number, large ones reduced. */
    private static ImageProcessor scaled(final ImageProcessor processor) {
        final int side = Math.max(processor.getWidth(), processor.getHeight());
        final double scale = side > LARGEST ? (double) LARGEST / side : Math.max(1, SMALLEST / side);
        if (scale == 1) return processor;
        processor.setInterpolationMethod(scale < 1 ? ImageProcessor.BILINEAR : ImageProcessor.NONE);
        return processor.resize(Math.max(1, (int) Math.round(processor.getWidth() * scale)), Math.max(1, (int)
                Math.round(processor.getHeight() * scale)));
    }

    private static ColorProcessor processor(final RandomAccessibleInterval<DoubleType> image) {
        final int width = (int) image.dimension(0);
        final int height = (int) image.dimension(1);
        final int lastChannel = (int) image.dimension(2) - 1;
        final ColorProcessor processor = new ColorProcessor(width, height);
        final RandomAccess<DoubleType> at = image.randomAccess();
        for (int i = 0; i < width * height; i++) {
            int colour = 0;
            for (int c = 0; c < 3; c++)
                colour = colour << 8
                        | level(at.setPositionAndGet(
                                        image.min(0) + i % width,
                                        image.min(1) + i / width,
                                        image.min(2) + Math.min(c, lastChannel))
                                .get());
            processor.set(i, colour);
        }
        return processor;
    }

    private static int level(final double number) {
        return (int) Math.round(Math.max(0, Math.min(1, (number + 1) / 2)) * WHITE);
    }
}
