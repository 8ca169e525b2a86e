package palindrome.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.imglib2.Cursor;
import net.imglib2.RandomAccess;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddingTest {

    @ParameterizedTest
    @CsvSource({"1,1,8", "1,5,8", "5,1,8", "3,5,8", "2,2,64", "17,9,16", "16,8,8", "9,9,1"})
    void reflectsUntilTheMultipleIsReachedAndCropsBack(int width, int height, int multiple) {
        double[] values = new double[width * height * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        RandomAccessibleInterval<DoubleType> image = ArrayImgs.doubles(values, width, height, 3);
        Padding padding = Padding.toMultiple(width, height, multiple);
        RandomAccessibleInterval<DoubleType> padded = padding.pad(image);
        assertEquals(0, padded.dimension(0) % multiple);
        assertEquals(0, padded.dimension(1) % multiple);
        assertEquals(3, padded.dimension(2));
        RandomAccess<DoubleType> at = padded.randomAccess();
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < padded.dimension(1); y++) {
                for (int x = 0; x < padded.dimension(0); x++) {
                    double expected = values[(c * height + reflect(y, height)) * width + reflect(x, width)];
                    assertEquals(expected, at.setPositionAndGet(x, y, c).get());
                }
            }
        }
        Cursor<DoubleType> walking = Views.flatIterable(padded).localizingCursor();
        while (walking.hasNext()) {
            double value = walking.next().get();
            assertEquals(at.setPositionAndGet(walking).get(), value);
        }
        RandomAccessibleInterval<DoubleType> cropped = padding.crop(padded);
        assertEquals(width, cropped.dimension(0));
        assertEquals(height, cropped.dimension(1));
        assertEquals(
                values[values.length - 1],
                cropped.getAt(width - 1, height - 1, 2).get());
    }

    /** Walks back and forth, one step at a time. */
    private static int reflect(int position, int size) {
        int at = 0;
        int step = 1;
        for (int i = 0; i < position && size > 1; i++) {
            if (at + step < 0 || at + step >= size) {
                step = -step;
            }
            at += step;
        }
        return at;
    }

    @Test
    void otherSizesAreRefused() {
        Padding padding = Padding.toMultiple(3, 5, 8);
        assertThrows(IllegalArgumentException.class, () -> padding.pad(ArrayImgs.doubles(5, 3, 3)));
        assertThrows(IllegalArgumentException.class, () -> Padding.toMultiple(3, 5, 0));
        assertThrows(IllegalArgumentException.class, () -> Padding.toMultiple(0, 5, 8));
    }
}
