package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.CompositeImage;
import ij.IJ;
import ij.ImagePlus;
import ij.Undo;
import ij.WindowManager;
import ij.gui.Overlay;
import ij.gui.Roi;
import ij.process.LUT;
import java.awt.Color;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Planes out of hyperstacks, and back. */
class StackPlanesTest {

    private static final int WIDTH = 6;
    private static final int HEIGHT = 4;

    @AfterEach
    void forgetCurrentImage() {
        WindowManager.setTempCurrentImage(null);
    }

    /** 3 channels, 4 slices, 2 frames of 16 bits; each pixel tells its plane and place. */
    private static CompositeImage cells() {
        final ImagePlus plain = IJ.createHyperStack("cells", WIDTH, HEIGHT, 3, 4, 2, 16);
        for (int n = 1; n <= plain.getStackSize(); n++) {
            for (int i = 0; i < WIDTH * HEIGHT; i++)
                plain.getStack().getProcessor(n).set(i, 100 * n + i);
            plain.getStack().setSliceLabel("plane " + n, n);
        }
        final CompositeImage image = new CompositeImage(plain, CompositeImage.COMPOSITE);
        for (int c = 1; c <= 3; c++) {
            final LUT lut = LUT.createLutFromColor(
                    List.of(Color.RED, Color.GREEN, Color.BLUE).get(c - 1));
            lut.min = 10 * c;
            lut.max = 1000 * c;
            image.setChannelLut(lut, c);
        }
        image.getCalibration().pixelWidth = 0.25;
        image.getCalibration().setUnit("um");
        image.setPosition(2, 3, 1);
        return image;
    }

    private static List<ImagePlus> singles(final StackPlanes planes, final PlaneChoice choice) {
        return choice.positions().stream().map(planes::single).collect(Collectors.toList());
    }

    @Test
    void theCurrentPlaneIsOne() {
        final PlaneChoice choice = PlaneChoice.of(cells(), "current", "current");
        assertEquals(List.of(new StackPosition(2, 3, 1)), choice.positions());
    }

    @Test
    void axesAndChannelsAreChosenApart() {
        final CompositeImage image = cells();
        assertEquals(4, PlaneChoice.of(image, "slices", "current").size());
        assertEquals(2, PlaneChoice.of(image, "frames", "current").size());
        assertEquals(24, PlaneChoice.of(image, "all", "all").size());
        final PlaneChoice two = PlaneChoice.of(image, "current", "3, 1");
        assertEquals(List.of(new StackPosition(1, 3, 1), new StackPosition(3, 3, 1)), two.positions());
    }

    @Test
    void channelsThatAreNotThereAreRefused() {
        assertEquals(
                "'cells' has no channel 4; its channels are 1 to 3.",
                assertThrows(IllegalArgumentException.class, () -> PlaneChoice.of(cells(), "all", "1,4"))
                        .getMessage());
        assertEquals(
                "The channels are 'red'; give current, all, or numbers from 1 to 3 separated by commas.",
                assertThrows(IllegalArgumentException.class, () -> PlaneChoice.of(cells(), "all", "red"))
                        .getMessage());
    }

    @Test
    void framesOfAnImageWithSlicesOnlyAreAMistake() {
        final ImagePlus stack = IJ.createImage("stack", "8-bit black", WIDTH, HEIGHT, 5);
        assertEquals(
                "'stack' has 5 slices and only 1 frame; choose planes=slices.",
                assertThrows(IllegalArgumentException.class, () -> PlaneChoice.of(stack, "frames", "current"))
                        .getMessage());
    }

    @Test
    void allPlanesTogetherAreTheImageAgain() {
        final CompositeImage image = cells();
        final PlaneChoice choice = PlaneChoice.of(image, "all", "all");
        final StackPlanes planes = new StackPlanes(image, choice);
        final ImagePlus joined = planes.join("again", singles(planes, choice));
        assertArrayEquals(image.getDimensions(), joined.getDimensions());
        assertEquals("again", joined.getTitle());
        assertTrue(joined.isComposite() && joined.isHyperStack());
        assertEquals(image.getMode(), ((CompositeImage) joined).getMode());
        assertTrue(image.getCalibration().equals(joined.getCalibration()));
        for (int n = 1; n <= 24; n++) {
            assertArrayEquals((short[]) image.getStack().getPixels(n), (short[])
                    joined.getStack().getPixels(n));
            assertNotSame(image.getStack().getPixels(n), joined.getStack().getPixels(n));
            assertEquals("plane " + n, joined.getStack().getSliceLabel(n));
        }
        for (int c = 1; c <= 3; c++) {
            final LUT was = image.getChannelLut(c);
            final LUT is = ((CompositeImage) joined).getChannelLut(c);
            assertEquals(was.getRGB(200), is.getRGB(200));
            assertEquals(was.min, is.min);
            assertEquals(was.max, is.max);
        }
    }

    @Test
    void chosenChannelsKeepTheirColours() {
        final CompositeImage image = cells();
        final PlaneChoice choice = PlaneChoice.of(image, "frames", "1,3");
        final StackPlanes planes = new StackPlanes(image, choice);
        final CompositeImage joined = (CompositeImage) planes.join("two", singles(planes, choice));
        assertArrayEquals(new int[] {WIDTH, HEIGHT, 2, 1, 2}, joined.getDimensions());
        assertEquals(image.getChannelLut(3).getRGB(255), joined.getChannelLut(2).getRGB(255));
        assertEquals(3000, joined.getChannelLut(2).max);
        final int last = image.getStackIndex(3, 3, 2);
        assertArrayEquals((short[]) image.getStack().getPixels(last), (short[])
                joined.getStack().getPixels(4));
    }

    @Test
    void aSinglePlaneHasTheRangeOfItsChannel() {
        final CompositeImage image = cells();
        final ImagePlus plane =
                new StackPlanes(image, PlaneChoice.of(image, "current", "3")).single(new StackPosition(3, 3, 1));
        assertEquals(30, plane.getDisplayRangeMin());
        assertEquals(3000, plane.getDisplayRangeMax());
        assertEquals("plane 9", plane.getStack().getSliceLabel(1));
        assertEquals(901, plane.getProcessor().get(1));
    }

    @Test
    void aSelectionOfOneSliceSelectsNothingElsewhere() {
        final CompositeImage image = cells();
        final Roi roi = new Roi(1, 1, 2, 2);
        roi.setPosition(0, 4, 0);
        image.setRoi(roi);
        final StackPlanes slices = new StackPlanes(image, PlaneChoice.of(image, "slices", "current"));
        assertTrue(slices.isSelected(new StackPosition(2, 4, 1)));
        assertFalse(slices.isSelected(new StackPosition(2, 3, 1)));
        assertEquals(
                new Roi(1, 1, 2, 2).getBounds(),
                slices.single(new StackPosition(2, 4, 1)).getRoi().getBounds());
        assertNull(slices.single(new StackPosition(2, 3, 1)).getRoi());
        final StackPlanes current = new StackPlanes(image, PlaneChoice.of(image, "current", "current"));
        final String message = assertThrows(IllegalArgumentException.class, current::requireSelection)
                .getMessage();
        assertTrue(message.contains("slice 4"), message);
    }

    @Test
    void overlaysMoveWithTheirPlanes() {
        final CompositeImage image = cells();
        final Roi everywhere = new Roi(0, 0, 1, 1);
        final Roi here = new Roi(1, 0, 1, 1);
        here.setPosition(3, 2, 1);
        final Roi elsewhere = new Roi(2, 0, 1, 1);
        elsewhere.setPosition(2, 2, 1);
        final Overlay overlay = new Overlay(everywhere);
        overlay.add(here);
        overlay.add(elsewhere);
        image.setOverlay(overlay);
        final PlaneChoice choice = PlaneChoice.of(image, "slices", "1,3");
        final StackPlanes planes = new StackPlanes(image, choice);
        final Overlay joined = planes.join("two", singles(planes, choice)).getOverlay();
        assertEquals(2, joined.size());
        assertFalse(joined.get(0).hasHyperStackPosition());
        assertEquals(2, joined.get(1).getCPosition());
        assertEquals(2, joined.get(1).getZPosition());
        assertEquals(1, joined.get(1).getTPosition());
        assertEquals(2, planes.single(new StackPosition(3, 2, 1)).getOverlay().size());
    }

    @Test
    void colourPalettesAndRgbStacksComeBack() {
        for (final String type : List.of("RGB black", "8-bit ramp", "32-bit ramp")) {
            final ImagePlus image = IJ.createImage("stack", type, WIDTH, HEIGHT, 3);
            if (type.startsWith("8")) image.setTypeToColor256();
            final PlaneChoice choice = PlaneChoice.of(image, "slices", "all");
            final StackPlanes planes = new StackPlanes(image, choice);
            final ImagePlus joined = planes.join("stack", singles(planes, choice));
            assertEquals(image.getType(), joined.getType());
            for (int n = 1; n <= 3; n++)
                assertEquals(
                        PixelPlane.of(planes.single(new StackPosition(1, n, 1))),
                        PixelPlane.of(new StackPlanes(joined, choice).single(new StackPosition(1, n, 1))));
        }
    }

    @Test
    void undoBringsTheOldPixelsBack() {
        final CompositeImage image = cells();
        WindowManager.setTempCurrentImage(image);
        final int index = image.getCurrentSlice();
        final short[] before = ((short[]) image.getStack().getPixels(index)).clone();
        final ImagePlus other = IJ.createImage("other", "16-bit white", WIDTH, HEIGHT, 1);
        InPlace.require(image, PlaneChoice.of(image, "current", "current"));
        InPlace.replace(image, other);
        assertEquals(
                other.getProcessor().get(5),
                image.getStack().getProcessor(index).get(5));
        Undo.undo();
        assertArrayEquals(before, (short[]) image.getStack().getPixels(index));
    }

    @Test
    void severalPlanesInPlaceAreRefused() {
        final CompositeImage image = cells();
        final String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> InPlace.require(image, PlaneChoice.of(image, "slices", "current")))
                .getMessage();
        assertTrue(message.contains("4 planes are chosen"), message);
    }

    @Test
    void alteredPixelsAreThoseWithOtherBits() {
        final ImagePlus before = IJ.createImage("cells", "32-bit ramp", WIDTH, HEIGHT, 1);
        final ImagePlus after = before.duplicate();
        after.getProcessor().setf(3, Math.nextUp(before.getProcessor().getf(3)));
        after.getProcessor().setf(7, before.getProcessor().getf(7) - 2);
        final AlteredPixels altered = new AlteredPixels(before, after);
        final ImagePlus mask = altered.mask();
        for (int i = 0; i < WIDTH * HEIGHT; i++)
            assertEquals(i == 3 || i == 7 ? 255 : 0, mask.getProcessor().get(i));
        assertEquals(-2, altered.difference().getProcessor().getf(7));
        assertTrue(altered.difference().getProcessor().getf(3) > 0);
    }
}
