package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import java.awt.event.KeyEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import palindrome.edit.Progress;

class ImageJProgressTest {

    @AfterEach
    void releaseEscape() {
        IJ.resetEscape();
    }

    @Test
    void escapeCancelsFromThenOn() {
        IJ.setKeyDown(KeyEvent.VK_ESCAPE);
        try (ImageJProgress progress = new ImageJProgress("Demo", Progress.NONE, System::nanoTime)) {
            assertFalse(progress.canceled(), "an Esc of before is not meant for this command");
            progress.checkCanceled();
            IJ.setKeyDown(KeyEvent.VK_ESCAPE);
            assertTrue(progress.canceled());
            IJ.resetEscape();
            assertTrue(progress.canceled());
            assertThrows(CancellationException.class, progress::checkCanceled);
        }
    }

    @Test
    void companionHearsEverythingAndMayCancel() {
        final List<String> heard = new ArrayList<>();
        final Progress companion = new Progress() {

            @Override
            public void stage(final String name) {
                heard.add(name);
            }

            @Override
            public void step(final long done, final long total) {
                heard.add(done + "/" + total);
            }

            @Override
            public boolean canceled() {
                return heard.size() > 2;
            }
        };
        try (ImageJProgress progress = new ImageJProgress("Demo", companion, () -> 0)) {
            progress.stage("Inverting");
            progress.step(1, 50);
            assertFalse(progress.canceled());
            progress.step(2, 50);
            assertTrue(progress.canceled());
        }
        assertEquals(List.of("Inverting", "1/50", "2/50"), heard);
    }
}
