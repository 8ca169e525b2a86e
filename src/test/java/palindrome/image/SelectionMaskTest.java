package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.gui.Line;
import ij.gui.OvalRoi;
import ij.gui.PointRoi;
import ij.gui.PolygonRoi;
import ij.gui.Roi;
import ij.gui.ShapeRoi;
import java.util.Random;
import java.util.stream.Stream;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SelectionMaskTest {

    private static final int WIDTH = 40;
    private static final int HEIGHT = 30;

    static Stream<Roi> areas() {
        return Stream.of(
                new Roi(5, 6, 20, 12),
                new OvalRoi(3, 4, 25, 20),
                new OvalRoi(-10, -10, 30, 30),
                new PolygonRoi(new float[] {2, 35, 10}, new float[] {2, 5, 28}, Roi.POLYGON),
                new ShapeRoi(new Roi(2, 2, 20, 20)).xor(new ShapeRoi(new OvalRoi(6, 6, 10, 10))),
                new Roi(7, 7, 1, 1),
                new Roi(0, 0, WIDTH, HEIGHT));
    }

    @ParameterizedTest
    @MethodSource("areas")
    void weightsAreZeroOutsideAndRiseInsideToOne(Roi roi) {
        ImagePlus image = image(roi);
        for (double feather : new double[] {0, 1, 4.5, 1000}) {
            SelectionMask mask = SelectionMask.of(image, feather).orElseThrow();
            double largest = 0;
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    float weight = mask.weight(x, y);
                    assertTrue(weight <= 1);
                    assertEquals(roi.contains(x, y), weight > 0, "at " + x + "," + y);
                    assertTrue(feather > 0 || weight == 0 || weight == 1);
                    largest = Math.max(largest, weight);
                }
            }
            assertEquals(1, largest);
        }
    }

    @Test
    void theRampIsLinearInTheDistanceAndInsideTheSelection() {
        SelectionMask mask = SelectionMask.of(image(new Roi(10, 5, 20, 20)), 3).orElseThrow();
        float[] expected = {0, 0.25f, 0.5f, 0.75f, 1, 1};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], mask.weight(9 + i, 15), 1e-6f);
        }
    }

    @Test
    void theBorderOfTheImageIsNoBorderOfTheSelection() {
        SelectionMask mask =
                SelectionMask.of(image(new Roi(0, 0, WIDTH / 2, HEIGHT)), 5).orElseThrow();
        assertEquals(1, mask.weight(0, 0));
        assertEquals(1f / 6, mask.weight(WIDTH / 2 - 1, 0), 1e-6f);
    }

    @Test
    void noSelectionMeansTheWholeImage() {
        assertTrue(SelectionMask.of(image(null), 3).isEmpty());
    }

    @Test
    void selectionsWithoutAreaAreRefused() {
        for (Roi roi : new Roi[] {new Line(1, 1, 9, 9), new PointRoi(3, 3)}) {
            var e = assertThrows(IllegalArgumentException.class, () -> SelectionMask.of(image(roi), 3));
            assertTrue(e.getMessage().contains("has no area"), e.getMessage());
        }
        var outside =
                assertThrows(IllegalArgumentException.class, () -> SelectionMask.of(image(new Roi(90, 90, 5, 5)), 3));
        assertTrue(outside.getMessage().contains("no pixel of the image"), outside.getMessage());
        for (double feather : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> SelectionMask.of(image(null), feather));
        }
    }

    @ParameterizedTest
    @EnumSource(PixelType.class)
    void aBlendedEditLeavesEveryPixelOutsideIdentical(PixelType type) {
        ImagePlus image = TestImages.random(type, WIDTH, HEIGHT, 1);
        image.setRoi(new OvalRoi(5, 5, 20, 20));
        PixelPlane plane = PixelPlane.of(image);
        PixelCodec codec = SourceImage.of(image, plane).codec();
        ArrayImg<DoubleType, DoubleArray> before = codec.encode(plane);
        ArrayImg<DoubleType, DoubleArray> after = codec.encode(plane);
        double[] numbers = after.update(null).getCurrentStorageArray();
        Random random = new Random(4);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = 2 * random.nextDouble() - 1;
        }
        SelectionMask mask = SelectionMask.of(image, 4).orElseThrow();
        ArrayImg<DoubleType, DoubleArray> blended = mask.blend(before, after);
        PixelPlane edited = codec.decodeEdited(blended, before, plane);
        PixelPlane whole = codec.decode(after);
        int changed = 0;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int i = y * WIDTH + x;
                if (mask.weight(x, y) == 0) {
                    assertEquals(plane.bits(i), edited.bits(i));
                } else if (mask.weight(x, y) == 1) {
                    assertEquals(whole.bits(i), edited.bits(i));
                }
                changed += plane.bits(i) == edited.bits(i) ? 0 : 1;
            }
        }
        assertFalse(changed == 0);
        assertEquals(plane, PixelPlane.of(image));
    }

    private static ImagePlus image(Roi roi) {
        ImagePlus image = TestImages.random(PixelType.GRAY8, WIDTH, HEIGHT, 0);
        if (roi != null) {
            image.setRoi((Roi) roi.clone());
        }
        return image;
    }
}
