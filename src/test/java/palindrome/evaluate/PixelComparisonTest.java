package palindrome.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.FloatProcessor;
import ij.process.ShortProcessor;
import org.junit.jupiter.api.Test;

class PixelComparisonTest {

    @Test
    void equalImagesHaveInfinitePsnr() {
        FloatProcessor a = new FloatProcessor(2, 1, new float[] {1, Float.NaN});
        PixelComparison c = PixelComparison.of(a, a.duplicate());
        assertEquals(new PixelComparison(0, 0, Double.POSITIVE_INFINITY, 1, 0), c);
        assertTrue(c.isIdentical());
    }

    @Test
    void eightBitRefersTo255() {
        ByteProcessor a = new ByteProcessor(2, 1, new byte[] {0, (byte) 255});
        ByteProcessor b = new ByteProcessor(2, 1, new byte[] {0, (byte) 245});
        PixelComparison c = PixelComparison.of(a, b);
        assertEquals(10, c.maxDifference());
        assertEquals(50, c.meanSquaredError());
        assertEquals(10 * Math.log10(255 * 255 / 50.0), c.psnr(), 1e-12);
        assertEquals(1, c.differentPixels());
    }

    @Test
    void coloursCountAsThreeValues() {
        ColorProcessor a = new ColorProcessor(1, 1, new int[] {0xff102030});
        ColorProcessor b = new ColorProcessor(1, 1, new int[] {0xff102036});
        PixelComparison c = PixelComparison.of(a, b);
        assertEquals(6, c.maxDifference());
        assertEquals(12, c.meanSquaredError());
    }

    @Test
    void otherTypesReferToTheSpanOfTheReference() {
        ShortProcessor a = new ShortProcessor(2, 1, new short[] {100, 1100}, null);
        ShortProcessor b = new ShortProcessor(2, 1, new short[] {101, (short) 65535}, null);
        PixelComparison c = PixelComparison.of(a, b);
        assertEquals(1000, c.range());
        assertEquals(64435, c.maxDifference());
        FloatProcessor flat = new FloatProcessor(1, 1, new float[] {2});
        assertEquals(1, PixelComparison.of(flat, flat).range());
    }

    @Test
    void negativeZeroDiffersInBitsOnly() {
        PixelComparison c = PixelComparison.of(
                new FloatProcessor(1, 1, new float[] {0f}), new FloatProcessor(1, 1, new float[] {-0f}));
        assertFalse(c.isIdentical());
        assertEquals(0, c.maxDifference());
        assertEquals(Double.POSITIVE_INFINITY, c.psnr());
    }

    @Test
    void stacksAreComparedPlaneByPlaneAndOtherImagesRefused() {
        ImageStack s = new ImageStack(1, 1);
        s.addSlice(new ByteProcessor(1, 1, new byte[] {1}));
        s.addSlice(new ByteProcessor(1, 1, new byte[] {2}));
        ImageStack t = new ImageStack(1, 1);
        t.addSlice(new ByteProcessor(1, 1, new byte[] {1}));
        t.addSlice(new ByteProcessor(1, 1, new byte[] {5}));
        ImagePlus a = new ImagePlus("a", s);
        assertEquals(4.5, PixelComparison.of(a, new ImagePlus("b", t)).meanSquaredError());
        ImagePlus single = new ImagePlus("c", new ByteProcessor(1, 1));
        assertThrows(IllegalArgumentException.class, () -> PixelComparison.of(a, single));
        assertThrows(
                IllegalArgumentException.class,
                () -> PixelComparison.of(new ByteProcessor(1, 1), new ByteProcessor(2, 1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> PixelComparison.of(new ByteProcessor(1, 1), new ShortProcessor(1, 1)));
    }
}
