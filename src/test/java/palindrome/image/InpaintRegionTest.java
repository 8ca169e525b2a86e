package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.OvalRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import ij.process.ByteProcessor;
import java.awt.Rectangle;
import java.util.List;
import java.util.Random;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;
import org.junit.jupiter.api.Test;

/** Where a model looks, what it may paint there, and that nothing else is taken of it. */
class InpaintRegionTest {

    private static final int WIDTH = 200;
    private static final int HEIGHT = 120;
    private static final InpaintMargins HARD = new InpaintMargins(0, 0, 0, 50);

    private static SelectedArea area(Roi... rois) {
        ImagePlus image = new ImagePlus("image", new ByteProcessor(WIDTH, HEIGHT));
        ShapeRoi all = new ShapeRoi(rois[0]);
        for (Roi roi : rois) {
            all = all.or(new ShapeRoi(roi));
        }
        image.setRoi(all);
        return SelectedArea.of(image);
    }

    private static float at(ArrayImg<?, ?> image, int x, int y) {
        return ((net.imglib2.type.numeric.RealType<?>) image.randomAccess().setPositionAndGet(x, y)).getRealFloat();
    }

    @Test
    void theModelSeesHalfThePartAroundIt() {
        List<InpaintRegion> regions = InpaintRegion.of(area(new Roi(80, 40, 40, 40)), HARD, 8, 8);
        assertEquals(1, regions.size());
        assertTrue(
                regions.get(0).crop().contains(new Rectangle(60, 20, 80, 80)),
                "" + regions.get(0).crop());
        assertEquals(88, regions.get(0).crop().width);
    }

    @Test
    void butNoLessThanItWasTrainedOnNorASixteenthOfTheImage() {
        InpaintMargins none = new InpaintMargins(0, 0, 0, 0);
        Rectangle small = InpaintRegion.of(area(new Roi(100, 50, 4, 4)), none, 64, 16)
                .get(0)
                .crop();
        assertEquals(new Rectangle(70, 20, 64, 64), small);
        Rectangle sixteenth = InpaintRegion.of(area(new Roi(100, 50, 4, 4)), none, 8, 1)
                .get(0)
                .crop();
        assertTrue(sixteenth.contains(new Rectangle(87, 37, 30, 30)), "" + sixteenth);
    }

    @Test
    void atTheEdgeItSeesMoreOfTheOtherSide() {
        Rectangle crop = InpaintRegion.of(area(new Roi(190, 0, 30, 10)), HARD, 64, 16)
                .get(0)
                .crop();
        assertEquals(new Rectangle(136, 0, 64, 64), crop);
        Rectangle whole = InpaintRegion.of(area(new Roi(5, 5, 10, 10)), HARD, 512, 8)
                .get(0)
                .crop();
        assertEquals(new Rectangle(0, 0, WIDTH, HEIGHT), whole);
    }

    @Test
    void partsFarFromEachOtherArePaintedOneByOneAndNearOnesTogether() {
        SelectedArea far = area(new Roi(10, 10, 20, 20), new Roi(160, 80, 20, 20));
        assertEquals(2, InpaintRegion.of(far, HARD, 32, 8).size());
        SelectedArea near = area(new Roi(10, 10, 20, 20), new Roi(34, 10, 20, 20));
        assertEquals(1, InpaintRegion.of(near, HARD, 32, 8).size());
    }

    /** Two regions that overlap in a corner: what the second will paint is no model for the first. */
    @Test
    void whatALaterRegionPaintsIsFreeInAnEarlierOne() {
        Roi first = new Roi(20, 20, 20, 20);
        Roi second = new Roi(48, 48, 20, 20);
        List<InpaintRegion> regions = InpaintRegion.of(area(first, second), HARD, 48, 1);
        assertEquals(2, regions.size());
        Rectangle crop = regions.get(0).crop();
        assertTrue(crop.contains(49, 49), "" + crop);
        assertEquals(1, at(regions.get(0).freedom(), 49 - crop.x, 49 - crop.y));
        Rectangle other = regions.get(1).crop();
        assertTrue(other.contains(39, 39), "" + other);
        assertEquals(0, at(regions.get(1).freedom(), 39 - other.x, 39 - other.y));
    }

    @Test
    void freedomRisesInsideWhatIsGrown() {
        InpaintRegion region = InpaintRegion.of(area(new Roi(80, 40, 40, 40)), new InpaintMargins(10, 10, 0, 50), 8, 1)
                .get(0);
        float[] expected = {0, 0.2f, 0.4f, 0.6f, 0.8f, 1, 1};
        int x = 75 - region.crop().x;
        int y = 60 - region.crop().y;
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], at(region.freedom(), x + i, y), 1e-6f, "place " + i);
        }
    }

    /** A small part beside a large one is freed as wholly as the large one is. */
    @Test
    void everyPartHasBordersOfItsOwnSize() {
        SelectedArea area = area(new Roi(20, 20, 60, 60), new OvalRoi(90, 40, 7, 7));
        InpaintRegion region =
                InpaintRegion.of(area, InpaintMargins.DEFAULT, 8, 1).get(0);
        assertEquals(1, at(region.freedom(), 93 - region.crop().x, 43 - region.crop().y));
        assertEquals(1, at(region.freedom(), 50 - region.crop().x, 50 - region.crop().y));
    }

    @Test
    void onlySelectedPixelsAreTaken() {
        Roi roi = new OvalRoi(70, 30, 50, 44);
        for (InpaintMargins margins : List.of(
                HARD, InpaintMargins.DEFAULT, new InpaintMargins(30, 0, 0, 10), new InpaintMargins(5, 40, 30, 0))) {
            ArrayImg<DoubleType, DoubleArray> image = random(WIDTH, HEIGHT, 1);
            ArrayImg<DoubleType, DoubleArray> before = random(WIDTH, HEIGHT, 1);
            int changed = 0;
            for (InpaintRegion region : InpaintRegion.of(area(roi), margins, 32, 8)) {
                region.paste(random(region.crop().width, region.crop().height, 2), image);
            }
            for (int i = 0; i < WIDTH * HEIGHT * 3; i++) {
                int x = i % WIDTH;
                int y = i / WIDTH % HEIGHT;
                double old = before.update(null).getCurrentStorageArray()[i];
                double now = image.update(null).getCurrentStorageArray()[i];
                if (!roi.contains(x, y)) {
                    assertEquals(old, now, "at " + x + "," + y);
                }
                changed += old == now ? 0 : 1;
            }
            assertEquals(3 * area(roi).count(), changed);
        }
    }

    private static ArrayImg<DoubleType, DoubleArray> random(int width, int height, int seed) {
        return ArrayImgs.doubles(new Random(seed).doubles(3L * width * height).toArray(), width, height, 3);
    }

    @Test
    void nothingAroundIsToldApart() {
        assertTrue(InpaintRegion.of(area(new Roi(0, 0, WIDTH, HEIGHT)), InpaintMargins.DEFAULT, 64, 16)
                .get(0)
                .isAllFree());
        assertFalse(InpaintRegion.of(area(new Roi(0, 0, WIDTH - 1, HEIGHT)), InpaintMargins.DEFAULT, 64, 16)
                .get(0)
                .isAllFree());
    }

    @Test
    void marginsOutOfRangeAreNamed() {
        for (double bad : new double[] {-1, Double.NaN, 1001, Double.POSITIVE_INFINITY}) {
            String message = assertThrows(IllegalArgumentException.class, () -> new InpaintMargins(0, bad, 0, 0))
                    .getMessage();
            assertTrue(message.startsWith("Feather is " + bad + " percent"), message);
        }
    }
}
