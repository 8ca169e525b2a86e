package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Dimension;
import java.awt.Point;
import java.awt.Rectangle;
import org.junit.jupiter.api.Test;

/** Where the preview opens, so that its buttons can be reached. */
class PreviewWindowTest {

    private static final Rectangle SCREEN = new Rectangle(0, 0, 1280, 900);
    private static final Dimension SIZE = new Dimension(260, 320);

    private static Point place(final Rectangle main) {
        return PreviewWindow.place(SCREEN, main, SIZE);
    }

    @Test
    void besideTheMainWindow() {
        assertEquals(new Point(640, 10), place(new Rectangle(20, 10, 600, 80)));
    }

    @Test
    void belowItWhereThereIsNoRoom() {
        assertEquals(new Point(1020, 110), place(new Rectangle(600, 10, 600, 80)));
    }

    @Test
    void onTheScreenInAnyCase() {
        assertEquals(new Point(1020, 580), place(new Rectangle(600, 850, 600, 80)));
        assertEquals(new Point(640, 580), place(new Rectangle(20, 850, 600, 80)));
        // a second screen to the left has coordinates below 0
        final Rectangle left = new Rectangle(-800, 0, 800, 600);
        assertEquals(new Point(-260, 100), PreviewWindow.place(left, new Rectangle(-700, 0, 600, 80), SIZE));
        assertEquals(
                new Point(0, 0),
                PreviewWindow.place(new Rectangle(0, 0, 200, 200), new Rectangle(0, 0, 150, 80), SIZE));
    }
}
