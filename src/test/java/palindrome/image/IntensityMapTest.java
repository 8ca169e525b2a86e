package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntensityMapTest {

    @Test
    void theDisplayRangeBecomesMinusOneToOneAndNothingIsClipped() {
        IntensityMap map = IntensityMap.of(floats(5, 7), 10, 20);
        assertEquals(-1, map.toNumber(10));
        assertEquals(1, map.toNumber(20));
        assertEquals(-2, map.toNumber(5));
        assertEquals(37, map.toValue(map.toNumber(37)), 1e-12);
    }

    @Test
    void aDisplayRangeOfNoWidthGivesWayToTheRangeOfThePixels() {
        for (double[] range : new double[][] {{3, 3}, {9, 1}, {Double.NaN, 1}, {0, Double.POSITIVE_INFINITY}}) {
            IntensityMap map = IntensityMap.of(floats(-2, 6), range[0], range[1]);
            assertEquals(new IntensityMap(-2, 4), map);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "-0.0", "5.5", "-1e30", "3.4e38", "1e-45", "-1e-45", "-3.4e38"})
    void aConstantFloatImageIsBlackAndComesBack(float value) {
        PixelPlane plane = floats(value, value);
        PixelCodec codec = new PixelCodec(PixelType.GRAY32, IntensityMap.of(plane, value, value), null);
        assertEquals(-1, codec.encode(plane).firstElement().get());
        assertEquals(plane, Residual.of(plane, codec).applyTo(codec.decode(codec.encode(plane))));
    }

    @ParameterizedTest
    @CsvSource({"0,-1", "500,-1", "65535,1"})
    void aConstant16BitImageLeavesRoomForAnEdit(int value, double number) {
        PixelPlane plane = new PixelPlane(PixelType.GRAY16, 2, 1, new int[] {value, value});
        PixelCodec codec = new PixelCodec(PixelType.GRAY16, IntensityMap.of(plane, value, value), null);
        assertEquals(number, codec.encode(plane).firstElement().get());
        assertEquals(127.5, codec.map().gain());
        assertTrue(Residual.of(plane, codec).isZero());
    }

    @Test
    void eightBitAndColourUseTheirFullRangeWhateverIsDisplayed() {
        PixelPlane plane = new PixelPlane(PixelType.GRAY8, 1, 1, new int[] {9});
        assertEquals(IntensityMap.FULL_8_BIT, IntensityMap.of(plane, 20, 30));
    }

    @Test
    void aGainThatIsNotPositiveIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new IntensityMap(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new IntensityMap(0, Double.NaN));
    }

    private static PixelPlane floats(float a, float b) {
        int[] bits = {Float.floatToRawIntBits(a), Float.floatToRawIntBits(b)};
        return new PixelPlane(PixelType.GRAY32, 2, 1, bits);
    }
}
