package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.io.FileSaver;
import ij.io.Opener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.module.Module;
import palindrome.edit.Inversion;
import palindrome.edit.InversionImage;
import palindrome.edit.OpenedModel;
import palindrome.edit.Progress;
import palindrome.edit.Reconstruct;
import palindrome.ij1.ChildJvm;
import palindrome.image.LatentImage;
import palindrome.image.LatentOrigin;
import palindrome.image.LatentStack;
import palindrome.image.PixelPlane;
import palindrome.image.Provenance;

/** Null-text through the commands: what users are told, and a latent that outlives the program. */
class NullTextCommandTest {

    private static final String PROMPT = "fluorescence microscopy, some medium bright nuclei";

    @TempDir
    private Path folder;

    private static CommandHarness with(final CommandHarness command) {
        return command.with("sampler", "Null-text").with("steps", 4).with("guidance", 3.0);
    }

    @Test
    void theLatentLeadsToTheSamePixelsInAnotherProgram() throws IOException {
        final ImagePlus image = TestImage.RGB.make(21, 18);
        final Module inverted =
                with(CommandHarness.invert(image)).with("prompt", PROMPT).run();
        final ImagePlus latent = (ImagePlus) inverted.getOutput("latent");
        assertSaysApproximate(inverted);
        final Provenance provenance = Provenance.readFrom(latent).orElseThrow();
        assertEquals("false", provenance.text("exact").orElseThrow());
        assertTrue(provenance.toInfo().contains("Palindrome exact: false\n"), provenance.toInfo());
        final Module here = CommandHarness.reconstruct(latent).run();
        assertSaysApproximate(here);
        final String file = folder.resolve("latent.tif").toString();
        assertTrue(new FileSaver(latent).saveAsTiffStack(file));
        final ChildJvm.Result child = new ChildJvm(folder, ChildJvm.testClassPath())
                .option("-Djava.awt.headless=true")
                // the natives that this Java has unpacked already
                .option("-DDJL_CACHE_DIR=" + Path.of(System.getProperty("user.home"), ".djl.ai"))
                .run(Map.of(), SavedLatentTest.Child.class.getName(), file);
        assertEquals(0, child.status(), child.err());
        final ImagePlus there = new Opener().openImage(file + ".again.tif");
        CommandHarness.assertSamePixels((ImagePlus) here.getOutput("reconstructed"), there);
        final Provenance again = Provenance.readFrom(there).orElseThrow();
        assertEquals("reconstruct", again.operation());
        assertEquals("false", again.text("exact").orElseThrow());
    }

    /** As the model's numbers: the bits that the original has beyond them belong to no others. */
    @Test
    void floatImagesComeBackNearly() throws IOException {
        final ImagePlus image = TestImage.GRAY32.make(16, 16);
        final ImagePlus latent =
                with(CommandHarness.invert(image)).with("prompt", PROMPT).image();
        final ImagePlus again = CommandHarness.reconstruct(latent).image();
        final LatentImage stored = LatentStack.fromImage(latent);
        final LatentOrigin origin = stored.origin().orElseThrow();
        assertFalse(origin.residual().isZero());
        final Inversion inversion = InversionImage.read(stored);
        try (OpenedModel model = OpenedModel.open("bundled", "cpu", Progress.NONE)) {
            final PixelPlane decoded =
                    origin.image().codec().decode(new Reconstruct(model).run(inversion, Progress.NONE));
            assertEquals(decoded, PixelPlane.of(again));
        }
        // a display range of 2, as wide as the model's numbers
        final double most = inversion.nullText().orElseThrow().maxError() + 1e-6;
        for (int i = 0; i < 16 * 16; i++)
            assertEquals(image.getProcessor().getf(i), again.getProcessor().getf(i), most, "pixel " + i);
    }

    @Test
    void editsAreMadeWithTheEmbeddings() throws IOException {
        final ImagePlus image = TestImage.RGB.make(16, 16);
        final Module module = with(CommandHarness.edit(image))
                .with("source", PROMPT)
                .with("target", "histology microscopy, many medium dim nuclei")
                .run();
        assertSaysApproximate(module);
        final ImagePlus edited = (ImagePlus) module.getOutput("result");
        final Provenance provenance = Provenance.readFrom(edited).orElseThrow();
        assertEquals("Null-text", provenance.text("sampler").orElseThrow());
        assertTrue(provenance.toJson().contains("Null-text is approximate"), provenance.toJson());
    }

    @Test
    void savedLatentsAreEditedByGenerate() {
        final ImagePlus latent = with(CommandHarness.invert(TestImage.RGB.make(16, 16)))
                .with("prompt", PROMPT)
                .image();
        final CommandHarness generate =
                CommandHarness.generate().with("noise", latent).with("guidance", 3.0);
        final Module same = generate.with("prompt", PROMPT).run();
        assertSaysApproximate(same);
        CommandHarness.assertSamePixels(
                CommandHarness.reconstruct(latent).image(), (ImagePlus) same.getOutput("generated"));
        assertTrue(generate.with("negative", "blur").failure().contains("Leave it empty."));
    }

    @Test
    void guidanceOneIsRefusedAndGeneratingToo() {
        final ImagePlus image = TestImage.RGB.make(16, 16);
        assertTrue(CommandHarness.invert(image)
                .with("sampler", "Null-text")
                .failure()
                .contains("use a guidance above 1, usually 3 to 7.5."));
        final String failure =
                CommandHarness.generate().with("sampler", "Null-text").failure();
        assertTrue(failure.startsWith("'sampler' is 'Null-text', but must be one of "), failure);
    }

    @Test
    void aLatentWithoutItsEmbeddingsIsRefused() throws IOException {
        final ImagePlus latent =
                with(CommandHarness.invert(TestImage.RGB.make(8, 8))).image();
        final Provenance provenance = Provenance.readFrom(latent).orElseThrow();
        provenance.without("nullText").attachTo(latent);
        final String failure = CommandHarness.reconstruct(latent).failure();
        assertTrue(failure.contains("damaged"), failure);
        assertFalse(failure.contains("Exception"), failure);
    }

    private static void assertSaysApproximate(final Module module) {
        final String notes = (String) module.getOutput("notes");
        assertTrue(notes.startsWith("Null-text is approximate: "), notes);
    }
}
