package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import palindrome.ij1.ChildJvm;

/** A latent saved as TIFF, opened in another Java and reconstructed there, is the original. */
class SavedLatentTest {

    private static final String[][] SAMPLERS = {
        {"O-BELM", "auto", "1"},
        {"BDIA", "0.5", "3"},
        {"EDICT", "auto", "1"},
        {"BDIA", "auto", "1"},
        {"O-BELM", "1", "3"}
    };

    @TempDir
    private Path folder;

    @Test
    void survivesTheEndOfTheProgram() {
        final List<ImagePlus> originals = new ArrayList<>();
        final List<String> files = new ArrayList<>();
        for (final TestImage type : TestImage.values()) {
            final ImagePlus image = type.make(21, 18);
            final String[] sampler = SAMPLERS[type.ordinal()];
            final ImagePlus latent = CommandHarness.invert(image)
                    .with("sampler", sampler[0])
                    .with("gamma", sampler[1])
                    .with("guidance", Double.valueOf(sampler[2]))
                    .with("steps", 5)
                    .with("prompt", "histology \u00b5 \"few\" nuclei")
                    .image();
            final String file = folder.resolve(type + ".tif").toString();
            assertTrue(new FileSaver(latent).saveAsTiffStack(file));
            originals.add(image);
            files.add(file);
        }
        final ChildJvm.Result result = new ChildJvm(folder, ChildJvm.testClassPath())
                .option("-Djava.awt.headless=true")
                // the natives that this Java has unpacked already
                .option("-DDJL_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"))
                .run(Map.of(), Child.class.getName(), files.toArray(new String[0]));
        assertEquals(0, result.status(), result.err());
        for (int i = 0; i < originals.size(); i++) {
            final ImagePlus again = new Opener().openImage(files.get(i) + ".again.tif");
            CommandHarness.assertSamePixels(originals.get(i), again);
            assertEquals("micron", again.getCalibration().getUnit());
            assertEquals(0.325, again.getCalibration().pixelWidth, 1e-6);
        }
    }

    /**
     * The other Java. Its thread has a context class loader that knows nothing of
     * the plugin, as ImageJ's threads do.
     */
    static final class Child {

        private Child() {}

        public static void main(final String[] files) {
            Thread.currentThread().setContextClassLoader(new URLClassLoader(new URL[0], null));
            for (final String file : files) {
                final ImagePlus again =
                        CommandHarness.reconstruct(new Opener().openImage(file)).image();
                if (!new FileSaver(again).saveAsTiff(file + ".again.tif")) IJ.error("not saved");
            }
        }
    }
}
