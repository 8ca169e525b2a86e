package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.IJ;
import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ShortProcessor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which pixels count as selected, and in which sentences nothing is. */
class SelectedAreaTest {

    private static final int WIDTH = 40;
    private static final int HEIGHT = 30;

    private static ImagePlus image(Roi roi) {
        ImagePlus image = TestImages.random(PixelType.GRAY8, WIDTH, HEIGHT, 0);
        image.setRoi(roi);
        return image;
    }

    @Test
    void aCompositeSelectionIsThePixelsItContains() {
        Roi ring = new ShapeRoi(new Roi(2, 2, 20, 20)).xor(new ShapeRoi(new OvalRoi(6, 6, 10, 10)));
        Roi both = new ShapeRoi(ring).or(new ShapeRoi(new Roi(30, -5, 40, 10)));
        SelectedArea area = SelectedArea.of(image(both));
        int count = 0;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                assertEquals(both.contains(x, y), area.contains(x, y), "at " + x + "," + y);
                count += area.contains(x, y) ? 1 : 0;
            }
        }
        assertEquals(count, area.count());
        assertFalse(area.contains(-1, 0) || area.contains(WIDTH, 0));
    }

    @Test
    void partsAreWhatTouchesAlsoAtCorners() {
        Roi corner = new ShapeRoi(new Roi(1, 1, 3, 3)).or(new ShapeRoi(new Roi(4, 4, 2, 5)));
        Roi all = new ShapeRoi(corner).or(new ShapeRoi(new Roi(20, 0, 5, 2)));
        List<SelectedArea.Part> parts = SelectedArea.of(image(all)).parts();
        assertEquals(2, parts.size());
        assertEquals(new java.awt.Rectangle(20, 0, 5, 2), parts.get(0).bounds());
        assertEquals(10, parts.get(0).size());
        assertEquals(new java.awt.Rectangle(1, 1, 5, 8), parts.get(1).bounds());
        assertEquals(19, parts.get(1).size());
        assertEquals(0, parts.get(1).mask().get(4, 0));
        assertEquals(255, parts.get(1).mask().get(3, 3));
    }

    @Test
    void aSelectionLargerThanTheImageIsAllOfIt() {
        assertTrue(SelectedArea.of(image(new Roi(-10, -10, 100, 100))).isWhole());
        assertFalse(SelectedArea.of(image(new Roi(1, 0, 100, 100))).isWhole());
    }

    @Test
    void severalRoisAreTheirPixelsTogether() {
        Roi left = new Roi(2, 2, 8, 9);
        Roi right = new OvalRoi(5, 6, 14, 12);
        SelectedArea together = SelectedArea.of(image(new ShapeRoi(left).or(new ShapeRoi(right))));
        SelectedArea area = SelectedArea.ofRois(image(null), new StackPosition(1, 1, 1), List.of(left, right));
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            assertEquals(together.contains(i % WIDTH, i / WIDTH), area.contains(i % WIDTH, i / WIDTH));
        }
    }

    @Test
    void ofRoisThoseOfThePlaneCount() {
        ImagePlus stack = IJ.createHyperStack("stack", WIDTH, HEIGHT, 2, 3, 1, 8);
        stack.setPosition(2, 2, 1);
        Roi here = new Roi(0, 0, 2, 3);
        here.setPosition(0, 2, 0);
        Roi elsewhere = new Roi(2, 2, 4, 4);
        elsewhere.setPosition(0, 3, 0);
        Roi slice = new Roi(5, 0, 1, 1);
        slice.setPosition(stack.getCurrentSlice());
        assertEquals(
                7,
                SelectedArea.ofRois(stack, StackPosition.currentOf(stack), List.of(here, elsewhere, slice))
                        .count());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> SelectedArea.ofRois(stack, StackPosition.currentOf(stack), List.of(elsewhere)))
                .getMessage();
        assertTrue(message.contains("None of the 1 selections in the ROI Manager belongs"), message);
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> SelectedArea.ofRois(stack, StackPosition.currentOf(stack), List.of()))
                .getMessage()
                .startsWith("The ROI Manager is empty"));
    }

    @Test
    void whatSelectsNothingIsSaidInASentence() {
        refused("Nothing is selected in '", image(null));
        refused("contains no pixel of the image", image(new Roi(WIDTH, 0, 5, 5)));
        refused("contains no pixel of the image", image(new Roi(-9, -9, 5, 5)));
        refused("is a straight line, which has no area", image(new Line(1, 1, 9, 9)));
    }

    private static void refused(String part, ImagePlus image) {
        String message = assertThrows(IllegalArgumentException.class, () -> SelectedArea.of(image))
                .getMessage();
        assertTrue(message.contains(part), message);
        assertFalse(message.contains("\n"));
    }

    @Test
    void ofAMaskTheCurrentPlaneCounts() {
        ImagePlus image = image(null);
        ShortProcessor labels = new ShortProcessor(WIDTH, HEIGHT);
        labels.set(3, 4, 517);
        SelectedArea area =
                SelectedArea.ofMask(image, new ImagePlus("labels", labels)).orElseThrow();
        assertEquals(1, area.count());
        assertTrue(area.contains(3, 4));
        FloatProcessor probability = new FloatProcessor(WIDTH, HEIGHT);
        probability.setf(0, Float.NaN);
        probability.setf(5, 0.25f);
        assertEquals(
                1,
                SelectedArea.ofMask(image, new ImagePlus("p", probability))
                        .orElseThrow()
                        .count());
    }

    @Test
    void masksThatDoNotFitAreRefused() {
        ImagePlus image = image(null);
        assertTrue(SelectedArea.ofMask(image, new ImagePlus("m", new ShortProcessor(WIDTH, HEIGHT)))
                .isEmpty());
        maskRefused("is a colour image", image, new ImagePlus("m", new ColorProcessor(WIDTH, HEIGHT)));
        maskRefused(
                "The mask 'm' is 8 x 9 pixels, but '" + image.getTitle() + "' is 40 x 30; give a mask of its size.",
                image,
                new ImagePlus("m", new ShortProcessor(8, 9)));
    }

    private static void maskRefused(String part, ImagePlus image, ImagePlus mask) {
        String message = assertThrows(IllegalArgumentException.class, () -> SelectedArea.ofMask(image, mask))
                .getMessage();
        assertTrue(message.contains(part), message);
    }
}
