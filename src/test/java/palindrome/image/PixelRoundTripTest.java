package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import ij.CompositeImage;
import ij.ImagePlus;
import ij.ImageStack;
import ij.process.ByteProcessor;
import ij.process.FloatProcessor;
import ij.process.ShortProcessor;
import java.io.IOException;
import java.util.Random;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImg;
import net.imglib2.img.basictypeaccess.array.DoubleArray;
import net.imglib2.type.numeric.real.DoubleType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pixels to numbers and back, for every type. */
class PixelRoundTripTest {

    @ParameterizedTest
    @MethodSource("palindrome.image.TestImages#typesAndSizes")
    void everyBitComesBackThroughPaddingAndResidual(PixelType type, int width, int height, int seed) {
        ImagePlus image = TestImages.random(type, width, height, seed);
        PixelPlane plane = PixelPlane.of(image);
        SourceImage source = SourceImage.of(image, plane);
        PixelCodec codec = source.codec();
        assertEquals(type, codec.type());

        Padding padding = Padding.toMultiple(width, height, 16);
        RandomAccessibleInterval<DoubleType> seen = padding.pad(codec.encode(plane));
        PixelPlane decoded = codec.decode(padding.crop(seen));
        PixelPlane restored = Residual.of(plane, codec).applyTo(decoded);
        assertEquals(plane, restored);
        assertEquals(source.sha256(), restored.sha256());

        ImagePlus result = source.toImage("restored", restored);
        assertEquals(image.getType(), result.getType());
        assertEquals(plane, PixelPlane.of(result));
        assertEquals(image.getDisplayRangeMin(), result.getDisplayRangeMin());
        assertEquals(image.getDisplayRangeMax(), result.getDisplayRangeMax());
        assertEquals(plane, PixelPlane.of(image), "the input is untouched");
    }

    @ParameterizedTest
    @MethodSource("palindrome.image.TestImages#typesAndSizes")
    void numbersAreOnTheLatticeAndBounded(PixelType type, int width, int height, int seed) {
        ImagePlus image = TestImages.random(type, width, height, seed);
        PixelPlane plane = PixelPlane.of(image);
        double[] numbers = storage(SourceImage.of(image, plane).codec().encode(plane));
        assertEquals(3 * width * height, numbers.length);
        double limit = type == PixelType.GRAY16 || type == PixelType.GRAY32 ? PixelCodec.LIMIT : 1;
        for (int i = 0; i < numbers.length; i++) {
            assertEquals(Math.rint(numbers[i] * 0x1p24), numbers[i] * 0x1p24);
            assertTrue(Math.abs(numbers[i]) <= limit, "number " + numbers[i]);
            if (!type.isColour()) {
                assertEquals(numbers[i % (width * height)], numbers[i], "grey has equal channels");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PixelType.class,
            names = {"GRAY8", "GRAY16"})
    void greyIntegersNeedNoResidual(PixelType type) {
        ImagePlus image = TestImages.random(type, 64, 48, 0);
        PixelPlane plane = PixelPlane.of(image);
        assertTrue(Residual.of(plane, SourceImage.of(image, plane).codec()).isZero());
    }

    @Test
    void opaqueColoursNeedNoResidualAndOthersKeepTheirAlpha() {
        int[] opaque = new Random(1).ints(64).map(p -> p | 0xff000000).toArray();
        PixelPlane plane = new PixelPlane(PixelType.COLOR_RGB, 8, 8, opaque);
        assertTrue(Residual.of(plane, PixelCodec.rgb()).isZero());
        PixelPlane clear = new PixelPlane(PixelType.COLOR_RGB, 1, 1, new int[] {0x00123456});
        assertFalse(Residual.of(clear, PixelCodec.rgb()).isZero());
    }

    @Test
    void eightBitMapsItsFullRange() {
        PixelPlane plane = new PixelPlane(PixelType.GRAY8, 3, 1, new int[] {0, 51, 255});
        double[] numbers = storage(PixelCodec.gray8().encode(plane));
        assertEquals(-1, numbers[0]);
        assertEquals(51 / 127.5 - 1, numbers[1], 0x1p-24);
        assertEquals(1, numbers[2]);
    }

    @Test
    void valuesOutsideTheDisplayRangeAreNotClippedShortOfTheLimit() {
        PixelCodec codec = new PixelCodec(PixelType.GRAY16, new IntensityMap(100, 50), null);
        PixelPlane plane = new PixelPlane(PixelType.GRAY16, 2, 1, new int[] {0, 4100});
        double[] numbers = storage(codec.encode(plane));
        assertEquals(-3, numbers[0]);
        assertEquals(79, numbers[1]);
        assertEquals(plane, codec.decode(codec.encode(plane)));
        PixelCodec narrow = new PixelCodec(PixelType.GRAY16, new IntensityMap(0, 0.5), null);
        assertEquals(PixelCodec.LIMIT, storage(narrow.encode(plane))[1]);
        assertEquals(plane, Residual.of(plane, narrow).applyTo(narrow.decode(narrow.encode(plane))));
    }

    @Test
    void colourChannelsAreRedGreenBlue() {
        PixelPlane plane = new PixelPlane(PixelType.COLOR_RGB, 2, 1, new int[] {0xffff0000, 0xff0000ff});
        double[] numbers = storage(PixelCodec.rgb().encode(plane));
        assertArrayEquals(new double[] {1, -1, -1, -1, -1, 1}, numbers);
    }

    @Test
    void decodingRoundsAndClampsIntegersAndAveragesGrey() {
        var numbers =
                net.imglib2.img.array.ArrayImgs.doubles(new double[] {-7, 9, 0.30, -7, 9, 0.31, -7, 9, 0.32}, 3, 1, 3);
        PixelPlane grey = PixelCodec.gray8().decode(numbers);
        assertEquals(0, grey.bits(0));
        assertEquals(255, grey.bits(1));
        assertEquals(Math.round(127.5 * 1.31), grey.bits(2));
    }

    @Test
    void decodingRefusesNumbersThatAreNotFinite() {
        var numbers = net.imglib2.img.array.ArrayImgs.doubles(new double[] {0, Double.NaN, 0}, 1, 1, 3);
        var e = assertThrows(
                IllegalArgumentException.class, () -> PixelCodec.rgb().decode(numbers));
        assertTrue(e.getMessage().contains("1 of 3 numbers"), e.getMessage());
    }

    @ParameterizedTest
    @EnumSource(PixelType.class)
    void anEditKeepsUntouchedPixelsToTheLastBit(PixelType type) {
        ImagePlus image = TestImages.random(type, 17, 9, 0);
        PixelPlane plane = PixelPlane.of(image);
        PixelCodec codec = SourceImage.of(image, plane).codec();
        ArrayImg<DoubleType, DoubleArray> before = codec.encode(plane);
        ArrayImg<DoubleType, DoubleArray> after = codec.encode(plane);
        double[] numbers = storage(after);
        int size = plane.size();
        for (int i = 0; i < size; i += 2) {
            // One channel is enough to count as edited; three are changed in every fourth pixel.
            for (int c = 0; c < (i % 4 == 0 ? 3 : 1); c++) {
                numbers[c * size + i] = -numbers[c * size + i] / 3 + 0.05;
            }
        }
        PixelPlane edited = codec.decodeEdited(after, before, plane);
        PixelPlane decoded = codec.decode(after);
        for (int i = 0; i < size; i++) {
            assertEquals(i % 2 == 0 ? decoded.bits(i) : plane.bits(i), edited.bits(i));
        }
        assertEquals(plane, codec.decodeEdited(before, before, plane));
    }

    @ParameterizedTest
    @EnumSource(PixelType.class)
    void theDescriptionComesBackFromJson(PixelType type) throws IOException {
        ImagePlus image = TestImages.random(type, 3, 2, 0);
        SourceImage source = SourceImage.of(image, PixelPlane.of(image));
        assertEquals(source, SourceImage.fromJson(JsonParser.parseString(AsciiJson.write(source.toJson()))));
        assertThrows(IOException.class, () -> SourceImage.fromJson(JsonParser.parseString("{}")));
    }

    @Test
    void pixelsThatAreNotFiniteAreCountedAndRefused() {
        FloatProcessor processor = new FloatProcessor(4, 4);
        processor.setf(0, Float.NaN);
        processor.setf(5, Float.NaN);
        processor.setf(9, Float.NEGATIVE_INFINITY);
        var e = assertThrows(IllegalArgumentException.class, () -> PixelPlane.of(new ImagePlus("holes", processor)));
        assertTrue(e.getMessage().contains("'holes' has 2 NaN and 1 infinite pixels out of 16"), e.getMessage());
    }

    @Test
    void anImageWithoutPixelsIsRefused() {
        var e = assertThrows(IllegalArgumentException.class, () -> PixelPlane.of(new ImagePlus()));
        assertTrue(e.getMessage().contains("no pixels"), e.getMessage());
    }

    @Test
    void theCurrentPlaneOfAHyperstackIsTaken() {
        ImageStack stack = new ImageStack(2, 2);
        for (int i = 0; i < 12; i++) {
            stack.addSlice("plane " + i, new ByteProcessor(2, 2, new byte[] {(byte) i, 1, 2, 3}));
        }
        ImagePlus image = new ImagePlus("hyper", stack);
        image.setDimensions(2, 3, 2);
        image.setOpenAsHyperStack(true);
        image.setPosition(2, 3, 2);
        PixelPlane plane = PixelPlane.of(image);
        assertEquals(image.getStackIndex(2, 3, 2) - 1, plane.bits(0));
        ImagePlus result = SourceImage.of(image, plane).toImage("r", plane);
        assertEquals("plane 11", result.getStack().getSliceLabel(1));
    }

    @Test
    void theCurrentChannelOfACompositeIsTakenWithItsLutAndRange() {
        ImageStack stack = new ImageStack(2, 1);
        for (int c = 0; c < 3; c++) {
            stack.addSlice(new ShortProcessor(2, 1, new short[] {(short) (100 * c), (short) (100 * c + 50)}, null));
        }
        ImagePlus plain = new ImagePlus("c", stack);
        plain.setDimensions(3, 1, 1);
        for (int mode : new int[] {CompositeImage.COMPOSITE, CompositeImage.COLOR, CompositeImage.GRAYSCALE}) {
            CompositeImage image = new CompositeImage(plain, mode);
            image.setPosition(2, 1, 1);
            image.setDisplayRange(90, 160);
            PixelPlane plane = PixelPlane.of(image);
            assertEquals(100, plane.bits(0));
            SourceImage source = SourceImage.of(image, plane);
            assertEquals(90, source.codec().map().black());
            ImagePlus result = source.toImage("r", plane);
            assertEquals(1, result.getStackSize());
            assertEquals(160, result.getDisplayRangeMax());
            assertEquals(
                    image.getChannelLut().getGreen(200),
                    result.getProcessor().getLut().getGreen(200));
            assertEquals(
                    image.getChannelLut().getRed(200),
                    result.getProcessor().getLut().getRed(200));
        }
    }

    private static double[] storage(ArrayImg<DoubleType, DoubleArray> image) {
        return image.update(null).getCurrentStorageArray();
    }
}
