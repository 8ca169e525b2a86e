package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.plugin.filter.EDM;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import java.awt.Color;
import java.util.Random;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests {@link ControlImage}, {@link ControlKind} and {@link LabelDrawing}. */
class ControlImageTest {

    private static final int WHITE = 0xffffff;

    /** Two squares side by side, and one that touches the second at a corner. */
    private static ShortProcessor labels() {
        final ShortProcessor labels = new ShortProcessor(20, 20);
        fill(labels, 1, 2, 2);
        fill(labels, 300, 7, 2);
        fill(labels, 7, 12, 7);
        return labels;
    }

    private static void fill(final ImageProcessor labels, final int label, final int x, final int y) {
        labels.setValue(label);
        labels.setRoi(x, y, 5, 5);
        labels.fill();
        labels.resetRoi();
    }

    private static int[] pixels(final ControlImage image) {
        final float[] values = image.values();
        final int[] pixels = new int[values.length];
        for (int i = 0; i < pixels.length; i++) pixels[i] = (int) values[i];
        return pixels;
    }

    private static int at(final ControlImage image, final int x, final int y) {
        return pixels(image)[y * image.width() + x];
    }

    @Test
    void touchingObjectsAreKeptApartByALineOfOnePixel() {
        final ControlImage drawn = ControlImage.of(new ImagePlus("cells", labels()), ControlKind.LABELS);
        // the line is in the one with the smaller label; at a corner one pixel is enough
        for (int y = 2; y < 7; y++) {
            assertEquals(WHITE, at(drawn, 5, y), "row " + y);
            assertEquals(0, at(drawn, 6, y), "row " + y);
            assertEquals(WHITE, at(drawn, 7, y), "row " + y);
        }
        assertEquals(WHITE, at(drawn, 11, 6));
        assertEquals(0, at(drawn, 12, 7));
        int white = 0;
        for (final int pixel : pixels(drawn)) if (pixel == WHITE) white++;
        assertEquals(75 - 6, white);
    }

    /** The label maps of other plugins are 32-bit or colours as well. */
    @Test
    void theTypeOfALabelMapIsOfNoAccount() {
        final ImageProcessor labels = labels();
        final int[] expected = pixels(ControlImage.of(new ImagePlus("a", labels), ControlKind.LABELS));
        final FloatProcessor real = labels.convertToFloatProcessor();
        assertArrayEquals(expected, pixels(ControlImage.of(new ImagePlus("b", real), ControlKind.LABELS)));
        final ColorProcessor colours = new ColorProcessor(20, 20);
        colours.setColor(Color.BLACK);
        colours.fill();
        for (int i = 0; i < 400; i++) if (labels.get(i) != 0) colours.set(i, 0xff000000 | labels.get(i) * 977);
        assertArrayEquals(expected, pixels(ControlImage.of(new ImagePlus("c", colours), ControlKind.LABELS)));
    }

    /** What ImageJ's watershed has cut needs no more cutting, and no mask is turned around by its look-up table. */
    @Test
    void aMaskIsDrawnAsItIs() {
        final ByteProcessor mask = new ByteProcessor(60, 40);
        mask.setValue(255);
        mask.fill(new OvalRoi(8, 8, 24, 24));
        mask.fill(new OvalRoi(26, 8, 24, 24));
        new EDM().toWatershed(mask);
        final int[] expected = new int[2400];
        for (int i = 0; i < expected.length; i++) expected[i] = mask.get(i) * 0x10101;
        assertArrayEquals(expected, pixels(ControlImage.of(new ImagePlus("mask", mask), ControlKind.LABELS)));
        mask.invertLut();
        assertArrayEquals(expected, pixels(ControlImage.of(new ImagePlus("mask", mask), ControlKind.LABELS)));
    }

    @Test
    void selectionsAreObjectsInTheirOrder() {
        final ImagePlus image = new ImagePlus("cells", new ByteProcessor(40, 20));
        final Overlay overlay = new Overlay(new Roi(2, 2, 10, 10));
        overlay.add(new ij.gui.Line(0, 0, 39, 19));
        image.setOverlay(overlay);
        image.setRoi(new Roi(12, 2, 10, 10));
        final ControlImage drawn = ControlImage.of(image, ControlKind.ROIS);
        assertEquals(WHITE, at(drawn, 10, 5));
        assertEquals(0, at(drawn, 11, 5));
        assertEquals(WHITE, at(drawn, 12, 5));
        assertEquals(WHITE, at(drawn, 21, 11));
        assertEquals(0, at(drawn, 35, 17));
        image.deleteRoi();
        image.setOverlay(null);
        final String message = assertThrows(
                        IllegalArgumentException.class, () -> ControlImage.of(image, ControlKind.ROIS))
                .getMessage();
        assertTrue(message.contains("'cells' has no area selections"), message);
    }

    @Test
    void selectionsOfOtherPlanesAreNotDrawn() {
        final ImagePlus image = IJ.createHyperStack("cells", 40, 20, 2, 3, 1, 8);
        final Roi here = new Roi(2, 2, 10, 10);
        here.setPosition(0, 2, 0);
        final Roi elsewhere = new Roi(20, 2, 10, 10);
        elsewhere.setPosition(0, 3, 0);
        final Overlay overlay = new Overlay(here);
        overlay.add(elsewhere);
        image.setOverlay(overlay);
        image.setPosition(1, 2, 1);
        final ControlImage drawn = ControlImage.of(image, ControlKind.ROIS);
        assertEquals(WHITE, at(drawn, 5, 5));
        assertEquals(0, at(drawn, 25, 5));
        image.setPosition(1, 1, 1);
        final String message = assertThrows(
                        IllegalArgumentException.class, () -> ControlImage.of(image, ControlKind.ROIS))
                .getMessage();
        assertTrue(message.contains("no area selections in the plane that is shown"), message);
    }

    @Test
    void edgesAreThoseOfImageJ() {
        final ShortProcessor image = labels();
        image.setMinAndMax(0, 300);
        final ImageProcessor expected = image.duplicate().convertToByteProcessor();
        expected.findEdges();
        final ControlImage drawn = ControlImage.of(new ImagePlus("cells", image), ControlKind.EDGES);
        for (int i = 0; i < 400; i++) assertEquals(expected.get(i) * 0x10101, pixels(drawn)[i]);
        assertTrue(expected.getStats().max > 100);
    }

    /** An 8-bit image whose contrast was set on the screen has the edges that are seen there. */
    @Test
    void edgesAreThoseOfWhatIsDisplayed() {
        final ImageProcessor dim = labels().convertToByteProcessor(false);
        dim.multiply(1.0 / 16);
        dim.setMinAndMax(0, 15);
        final ImageProcessor displayed =
                dim.duplicate().convertToColorProcessor().convertToByteProcessor(false);
        displayed.findEdges();
        final ControlImage drawn = ControlImage.of(new ImagePlus("dim", dim), ControlKind.EDGES);
        for (int i = 0; i < 400; i++) assertEquals(displayed.get(i) * 0x10101, pixels(drawn)[i]);
        assertEquals(255, displayed.getStats().max);
    }

    @Test
    void anImageIsShownAsItIsDisplayed() {
        final ShortProcessor image = labels();
        image.setMinAndMax(0, 600);
        assertEquals(
                0x808080 & 0xfefefe,
                at(ControlImage.of(new ImagePlus("cells", image), ControlKind.IMAGE), 8, 4) & 0xfefefe);
        final ColorProcessor rgb = new ColorProcessor(2, 1, new int[] {0xff123456, 0x00fedcba});
        assertArrayEquals(
                new int[] {0x123456, 0xfedcba}, pixels(ControlImage.of(new ImagePlus("rgb", rgb), ControlKind.IMAGE)));
    }

    @Test
    void whatIsNoLabelMapIsRefused() {
        final ByteProcessor photograph = new ByteProcessor(30, 30);
        new Random(1).nextBytes((byte[]) photograph.getPixels());
        final ByteProcessor full = new ByteProcessor(8, 8);
        full.setValue(1);
        full.fill();
        for (final ImageProcessor wrong : new ImageProcessor[] {photograph, full}) {
            final String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> ControlImage.of(new ImagePlus("photo", wrong), ControlKind.LABELS))
                    .getMessage();
            assertTrue(message.contains("'photo' is no label image"), message);
        }
        assertEquals(0, at(ControlImage.of(new ImagePlus("empty", new ByteProcessor(4, 4)), ControlKind.LABELS), 1, 1));
    }

    @ParameterizedTest
    @EnumSource
    void numbersBringItBack(final ControlKind kind) {
        final ImagePlus image = new ImagePlus("cells", labels());
        image.setRoi(3, 3, 9, 9);
        final ControlImage drawn = ControlImage.of(image, kind);
        final ControlImage again = ControlImage.of("cells", kind, 20, 20, drawn.values());
        assertArrayEquals(pixels(drawn), pixels(again));
        assertEquals(drawn.sha256(), again.sha256());
        assertEquals(kind, ControlKind.of(kind.toString()));
        final float[] changed = drawn.values();
        changed[17] = changed[17] == 5 ? 6 : 5;
        assertNotEquals(
                drawn.sha256(), ControlImage.of("cells", kind, 20, 20, changed).sha256());
        changed[17] = 0.5f;
        assertThrows(IllegalArgumentException.class, () -> ControlImage.of("cells", kind, 20, 20, changed));
        assertThrows(IllegalArgumentException.class, () -> ControlImage.of("cells", kind, 20, 19, drawn.values()));
    }

    @Test
    void theNetworkSeesRedFirstFromZeroToOne() {
        final ColorProcessor rgb = new ColorProcessor(2, 1, new int[] {0xff0000, 0x0033ff});
        final double[] numbers = new double[6];
        int i = 0;
        for (final DoubleType value : Views.flatIterable(
                ControlImage.of(new ImagePlus("rgb", rgb), ControlKind.IMAGE).numbers())) numbers[i++] = value.get();
        assertArrayEquals(new double[] {1, 0, 0, 0.2, 0, 1}, numbers);
    }
}
