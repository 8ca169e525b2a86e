package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ij.ImagePlus;
import ij.ImageStack;
import ij.gui.Arrow;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.Overlay;
import ij.gui.PointRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.process.ByteProcessor;
import org.junit.jupiter.api.Test;

/** Handles as a user of ImageJ draws them. */
class HandleSelectionTest {

    private final ImagePlus image = new ImagePlus("cells", new ByteProcessor(100, 80));

    private String found() {
        return HandleSelection.of(image).map(DragHandles::toString).orElse("none");
    }

    @Test
    void linesAndArrows() {
        assertEquals("none", found());
        image.setRoi(new Line(10, 20, 30.5, 40));
        assertEquals("10,20->30.5,40", found());
        image.setRoi(new Arrow(30, 40, 10, 20));
        assertEquals("30,40->10,20", found());
    }

    @Test
    void pointsInPairs() {
        image.setRoi(new PointRoi(new float[] {1, 30, 5, 60}, new float[] {2, 40, 6, 70}));
        assertEquals("1,2->30,40; 5,6->60,70", found());
        image.setRoi(new PointRoi(new float[] {1, 30, 5}, new float[] {2, 40, 6}));
        assertEquals(
                "3 points are selected, but points are taken in pairs, from where to where; add or remove one.",
                assertThrows(IllegalArgumentException.class, this::found).getMessage());
        image.setRoi(new PointRoi(1, 2));
        assertEquals(
                "1 point is selected, but points are taken in pairs, from where to where; add or remove one.",
                assertThrows(IllegalArgumentException.class, this::found).getMessage());
    }

    @Test
    void otherSelectionsAreNone() {
        image.setRoi(new OvalRoi(10, 10, 20, 20));
        assertEquals("none", found());
        image.setRoi(new PolygonRoi(new float[] {1, 2, 30}, new float[] {1, 20, 30}, Roi.POLYLINE));
        assertEquals("none", found());
    }

    /** The selection before the overlay; the ROI Manager, which needs a display, is in ImageJWindowTest. */
    @Test
    void theFirstPlaceWithHandlesCounts() {
        Overlay overlay = new Overlay(new OvalRoi(1, 1, 5, 5));
        image.setOverlay(overlay);
        assertEquals("none", found());
        overlay.add(new Arrow(5, 5, 6, 6));
        overlay.add(new Line(7, 7, 8, 8));
        assertEquals("5,5->6,6; 7,7->8,8", found());
        image.setRoi(new OvalRoi(1, 1, 50, 50));
        assertEquals("5,5->6,6; 7,7->8,8", found());
        image.setRoi(new Line(9, 9, 10, 10));
        assertEquals("9,9->10,10", found());
    }

    /** As it is after an arrow was drawn and added, the last of several. */
    @Test
    void aSelectionThatWasAddedIsOneOfSeveral() {
        Arrow last = new Arrow(7, 7, 8, 18);
        image.setRoi(last);
        image.setOverlay(new Overlay(new Arrow(5, 5, 6, 6)));
        assertEquals("7,7->8,18", found());
        image.getOverlay().add((Roi) last.clone());
        assertEquals("5,5->6,6; 7,7->8,18", found());
    }

    @Test
    void otherPlanesArePassedOver() {
        ImageStack stack = new ImageStack(100, 80);
        for (int i = 0; i < 3; i++) stack.addSlice(new ByteProcessor(100, 80));
        image.setStack(stack);
        image.setSlice(2);
        Overlay overlay = new Overlay();
        for (int slice = 0; slice <= 3; slice++) {
            Line line = new Line(slice, 1, 10 + slice, 1);
            line.setPosition(slice);
            overlay.add(line);
        }
        image.setOverlay(overlay);
        assertEquals("0,1->10,1; 2,1->12,1", found());
        image.setRoi(pointsOnSlices(2, 3, 2));
        assertEquals("1,0->3,0", found());
    }

    private PointRoi pointsOnSlices(int... slices) {
        PointRoi points = new PointRoi();
        int x = 1;
        for (int slice : slices) {
            image.setSliceWithoutUpdate(slice);
            points.addPoint(image, x++, 0);
        }
        image.setSliceWithoutUpdate(2);
        return points;
    }
}
