package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import java.awt.event.KeyEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import palindrome.edit.Progress;

class ImageJProgressTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicLong seconds = new AtomicLong();
    private final LongSupplier clock = () -> seconds.get() * 1_000_000_000L;
    private final RunDisplay display = new PrintedDisplay(new PrintStream(printed, true), clock);

    @AfterEach
    void releaseEscape() {
        IJ.resetEscape();
    }

    @Test
    void escapeCancelsFromThenOn() {
        IJ.setKeyDown(KeyEvent.VK_ESCAPE);
        try (ImageJProgress progress = new ImageJProgress("Demo", display, Progress.NONE, System::nanoTime)) {
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
        try (ImageJProgress progress = new ImageJProgress("Demo", display, companion, () -> 0)) {
            progress.stage("Inverting");
            progress.step(1, 50);
            assertFalse(progress.canceled());
            progress.step(2, 50);
            assertTrue(progress.canceled());
        }
        assertEquals(List.of("Inverting", "1/50", "2/50"), heard);
    }

    @Test
    void printedProgressIsSparseAndTellsTheRemainingTime() {
        try (ImageJProgress progress = new ImageJProgress("Demo", display, Progress.NONE, clock)) {
            progress.stage("Loading the model");
            seconds.set(3);
            progress.stage("Inverting");
            for (int step = 1; step <= 10; step++) {
                seconds.incrementAndGet();
                progress.step(step, 10);
            }
        }
        display.note("Many steps.");
        assertEquals(
                List.of(
                        "Demo: Inverting...",
                        "Demo: Inverting 2/10, 8 s left",
                        "Demo: Inverting 4/10, 6 s left",
                        "Demo: Inverting 6/10, 4 s left",
                        "Demo: Inverting 8/10, 2 s left",
                        "Demo: Inverting 10/10",
                        "Many steps."),
                printed.toString().lines().toList());
    }

    @Test
    void shortRunPrintsNothing() {
        try (ImageJProgress progress = new ImageJProgress("Demo", display, Progress.NONE, clock)) {
            progress.stage("Inverting");
            seconds.set(1);
            progress.step(10, 10);
        }
        assertEquals("", printed.toString());
    }
}
