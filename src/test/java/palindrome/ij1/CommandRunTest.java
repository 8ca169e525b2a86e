package palindrome.ij1;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.WindowManager;
import ij.process.ByteProcessor;
import java.awt.event.KeyEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.scijava.command.CommandInfo;
import palindrome.command.EditCommand;
import palindrome.command.InvertCommand;
import palindrome.command.ReconstructCommand;

/** Runs that end early leave the user's image as it was, unlocked, and make none. */
class CommandRunTest {

    private final ImagePlus image = new ImagePlus("cells", ramp());

    private static ByteProcessor ramp() {
        final byte[] pixels = new byte[40 * 30];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (byte) i;
        return new ByteProcessor(40, 30, pixels);
    }

    @AfterEach
    void forgetKeys() {
        IJ.resetEscape();
        IJ.setKeyUp(KeyEvent.VK_ESCAPE);
    }

    private Optional<String> run(final Class<?> command, final Map<String, Object> inputs) {
        final CommandInfo info = SciJavaHost.get().command(command.getName());
        final Map<String, Object> all = new HashMap<>(inputs);
        all.put("image", image);
        final byte[] before = ((byte[]) image.getProcessor().getPixels()).clone();
        try {
            return new CommandRun(CommandExecution.of(SciJavaHost.get(), info), Optional.empty()).run(all, used -> {});
        } finally {
            assertArrayEquals(before, (byte[]) image.getProcessor().getPixels());
            assertFalse(image.isLocked());
            assertEquals(0, WindowManager.getImageCount());
        }
    }

    @Test
    void escapeStopsALongRun() throws InterruptedException {
        final AtomicBoolean over = new AtomicBoolean();
        final Thread user = new Thread(() -> {
            while (!over.get()) {
                // NB: a key pressed before the run is not meant for it, so it is pressed again.
                IJ.setKeyDown(KeyEvent.VK_ESCAPE);
                Thread.onSpinWait();
            }
        });
        user.start();
        try {
            final long start = System.nanoTime();
            assertEquals(Optional.empty(), run(InvertCommand.class, Map.of("steps", 1000)));
            assertTrue(System.nanoTime() - start < 30e9, "1000 steps take minutes");
        } finally {
            over.set(true);
            user.join();
        }
    }

    @Test
    void failuresAreSentences() {
        assertEquals(
                Optional.of("Gamma is 7.0; use a number above 0 and at most 1, or auto."
                        + " At 0 the sampler is DDIM and has no inverse."),
                run(InvertCommand.class, Map.of("sampler", "BDIA", "gamma", "7")));
        assertTrue(run(EditCommand.class, Map.of("model", "/nowhere/at/all"))
                .orElseThrow()
                .startsWith("There is no model folder "));
        assertTrue(run(ReconstructCommand.class, Map.of()).orElseThrow().contains("is not a latent image"));
    }

    @Test
    void anImageInUseIsRefusedAndStaysInUse() throws InterruptedException {
        // NB: the thread that holds a lock may lock again
        final Thread other = new Thread(image::lock);
        other.start();
        other.join();
        final CommandInfo info = SciJavaHost.get().command(InvertCommand.class.getName());
        assertEquals(
                Optional.of("The image 'cells' is in use by another command: wait for it to finish."),
                new CommandRun(CommandExecution.of(SciJavaHost.get(), info), Optional.empty())
                        .run(Map.of("image", image), used -> {}));
        assertTrue(image.isLocked());
    }

    @Test
    void anImageGivenTwiceIsLockedOnce() {
        assertTrue(run(ReconstructCommand.class, Map.of("original", image))
                .orElseThrow()
                .contains("is not a latent image"));
    }
}
