package palindrome.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.io.FileSaver;
import ij.measure.ResultsTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.module.Module;
import palindrome.image.LatentSeries;
import palindrome.image.Provenance;

/** Hyperstacks to noise and back, with the bundled model. */
class StackRoundTripTest {

    private static final int WIDTH = 21;
    private static final int HEIGHT = 14;

    /** 2 channels, 2 slices, 2 frames of 16 bits; every plane is different. */
    private static CompositeImage cells() {
        final CompositeImage image = TestHyperstack.cells(WIDTH, HEIGHT);
        image.getStack().setSliceLabel("third", 3);
        return image;
    }

    @Test
    void everyPlaneComesBackFromAFile(@TempDir final Path folder) throws IOException {
        final CompositeImage image = cells();
        final ImagePlus latents = CommandHarness.invert(image)
                .with("steps", 3)
                .with("planes", "all")
                .with("channels", "all")
                .with("prompt", "nuclei")
                .image();
        assertEquals("cells-latent", latents.getTitle());
        final String file = folder.resolve("cells-latent.tif").toString();
        assertTrue(new FileSaver(latents).saveAsTiffStack(file));

        ResultsTable.getResultsTable().reset();
        final Module module = CommandHarness.reconstruct(IJ.openImage(file))
                .with("original", image)
                .run();
        final CompositeImage back = (CompositeImage) module.getOutput("reconstructed");
        assertArrayEquals(image.getDimensions(), back.getDimensions());
        for (int n = 1; n <= image.getStackSize(); n++)
            assertArrayEquals((short[]) image.getStack().getPixels(n), (short[])
                    back.getStack().getPixels(n));
        for (int c = 1; c <= 2; c++) {
            assertEquals(
                    image.getChannelLut(c).getRGB(255), back.getChannelLut(c).getRGB(255));
            assertEquals(200 * c, back.getChannelLut(c).min);
        }
        assertEquals("third", back.getStack().getSliceLabel(3));
        assertEquals(
                "true", Provenance.readFrom(back).orElseThrow().text("exact").orElseThrow());
        final ResultsTable results = (ResultsTable) module.getOutput("results");
        assertEquals(8, results.size());
        for (int row = 0; row < 8; row++) assertEquals(0, results.getValue("Max difference", row));
    }

    @Test
    void oneChannelOfSeveralFramesIsAStackOfItsOwn() throws IOException {
        final CompositeImage image = cells();
        image.setPosition(2, 1, 1);
        final ImagePlus latents = CommandHarness.invert(image)
                .with("steps", 2)
                .with("planes", "frames")
                .image();
        assertEquals(2, LatentSeries.fromImage(latents).latents().size());
        final ImagePlus back = CommandHarness.reconstruct(latents).image();
        assertArrayEquals(new int[] {WIDTH, HEIGHT, 1, 1, 2}, back.getDimensions());
        for (int t = 1; t <= 2; t++)
            assertArrayEquals((short[]) image.getStack().getPixels(image.getStackIndex(2, 1, t)), (short[])
                    back.getStack().getPixels(t));
    }

    @Test
    void freshNoiseMakesOtherLatentsOfTheSamePixels() throws IOException {
        final ImagePlus twins = IJ.createImage("twins", "8-bit ramp", WIDTH, HEIGHT, 2);
        final CommandHarness invert = CommandHarness.invert(twins)
                .with("steps", 2)
                .with("sampler", "Cycle-SDE")
                .with("planes", "slices");
        final LatentSeries same = LatentSeries.fromImage(invert.image());
        final LatentSeries fresh =
                LatentSeries.fromImage(invert.with("planenoise", "fresh").image());
        assertEquals(hash(same, 0), hash(same, 1));
        assertEquals(hash(same, 0), hash(fresh, 0));
        assertNotEquals(hash(fresh, 0), hash(fresh, 1));
    }

    private static int hash(final LatentSeries series, final int index) {
        return Arrays.hashCode(series.latents().get(index).states().get(0).values());
    }

    @Test
    void anOriginalOfOtherDimensionsIsRefused() {
        final ImagePlus latents = CommandHarness.invert(cells())
                .with("steps", 2)
                .with("planes", "slices")
                .image();
        final String message = CommandHarness.reconstruct(latents)
                .with("original", IJ.createImage("flat", "16-bit ramp", WIDTH, HEIGHT, 1))
                .failure();
        assertTrue(message.contains("has no plane c1 z2 t1"), message);
    }
}
