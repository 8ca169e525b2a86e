package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.io.FileSaver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The latents of several planes in one file. */
class LatentSeriesTest {

    private static final LatentShape SHAPE = new LatentShape(3, 4, 6);

    private static CompositeImage cells() {
        final CompositeImage image =
                new CompositeImage(IJ.createHyperStack("cells", 6, 4, 2, 3, 1, 8), CompositeImage.COLOR);
        image.setPosition(1, 2, 1);
        return image;
    }

    private static LatentImage latent(final int seed) {
        final Random random = new Random(seed);
        final long[] values = random.longs(SHAPE.size(), -1L << 28, 1L << 28).toArray();
        return new LatentImage(
                SHAPE,
                List.of(new LatentState(values, 1)),
                null,
                Provenance.of("invert").with("seed", seed));
    }

    private static LatentSeries series(final CompositeImage image) {
        final PlaneChoice choice = PlaneChoice.of(image, "slices", "all");
        return LatentSeries.of(
                image,
                choice,
                IntStream.range(0, choice.size())
                        .mapToObj(LatentSeriesTest::latent)
                        .toList());
    }

    @Test
    void everyLatentComesBackFromAFile(@TempDir final Path folder) throws IOException {
        final LatentSeries written = series(cells());
        final String file = folder.resolve("latents.tif").toString();
        assertTrue(new FileSaver(written.toImage("latents")).saveAsTiffStack(file));
        final ImagePlus opened = IJ.openImage(file);
        assertTrue(LatentSeries.isSeries(opened));
        assertTrue(LatentStack.isLatent(opened));
        final String one = assertThrows(IOException.class, () -> LatentStack.fromImage(opened))
                .getMessage();
        assertTrue(one.contains("several planes"), one);
        final LatentSeries read = LatentSeries.fromImage(opened);
        assertEquals(written.positions(), read.positions());
        for (int i = 0; i < 6; i++) {
            assertArrayEquals(
                    written.latents().get(i).states().get(0).values(),
                    read.latents().get(i).states().get(0).values());
            assertEquals("" + i, read.latents().get(i).provenance().text("seed").orElseThrow());
        }
    }

    @Test
    void planesStandWhereTheyStood() {
        final LatentSeries series = series(cells());
        final List<ImagePlus> planes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            final ImagePlus plane = IJ.createImage("plane", "8-bit black", 6, 4, 1);
            plane.getProcessor().set(0, i + 1);
            planes.add(plane);
        }
        final ImagePlus joined = series.join("again", planes);
        assertArrayEquals(new int[] {6, 4, 2, 3, 1}, joined.getDimensions());
        assertEquals(CompositeImage.COLOR, ((CompositeImage) joined).getMode());
        assertEquals(
                6, joined.getStack().getProcessor(joined.getStackIndex(2, 3, 1)).get(0));
    }

    @Test
    void oneLatentIsNoSeries() throws IOException {
        final ImagePlus cells = cells();
        final ImagePlus image = LatentSeries.of(cells, PlaneChoice.of(cells, "current", "current"), List.of(latent(7)))
                .toImage("latent");
        assertFalse(LatentSeries.isSeries(image));
        assertEquals(1, LatentSeries.fromImage(image).latents().size());
    }

    @Test
    void lostSlicesAreNoticed() throws IOException {
        final ImagePlus image = series(cells()).toImage("latents");
        image.getStack().deleteLastSlice();
        final String message = assertThrows(IOException.class, () -> LatentSeries.fromImage(image))
                .getMessage();
        assertTrue(message.contains("slices are missing"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"rois\":[]}", "{\"rois\":[\"AAAA\"]}", "{\"rois\":[\"?\"]}", "7"})
    void aDamagedOverlayIsNoticedBeforeTheWork(final String overlay) throws IOException {
        final ImagePlus image = series(cells()).toImage("latents");
        Provenance.readFrom(image)
                .orElseThrow()
                .with("overlay", JsonParser.parseString(overlay))
                .attachTo(image);
        final String message = assertThrows(IOException.class, () -> LatentSeries.fromImage(image))
                .getMessage();
        assertTrue(message.contains("the record is damaged"), message);
    }

    @Test
    void latentsKeepTheOverlayOfTheirPlanesOnly() throws IOException {
        final CompositeImage image = cells();
        final Overlay overlay = new Overlay(new Roi(0, 0, 2, 2));
        final Roi elsewhere = new Roi(1, 1, 2, 2);
        elsewhere.setPosition(2, 2, 1);
        overlay.add(elsewhere);
        image.setOverlay(overlay);
        assertEquals(
                2,
                LatentSeries.fromImage(series(image).toImage("all")).overlay().size());
        final LatentSeries one = LatentSeries.fromImage(
                LatentSeries.of(image, PlaneChoice.of(image, "current", "current"), List.of(latent(7)))
                        .toImage("one"));
        assertEquals(1, one.overlay().size());
        image.setOverlay(null);
        assertNull(LatentSeries.fromImage(series(image).toImage("none")).overlay());
    }
}
