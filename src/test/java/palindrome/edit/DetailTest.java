package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import net.imglib2.RandomAccessibleInterval;
import net.imglib2.img.array.ArrayImgs;
import net.imglib2.type.numeric.real.DoubleType;
import net.imglib2.view.Views;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DetailTest {

    private static final int WIDTH = 40;
    private static final int HEIGHT = 30;
    private static final int PLANE = WIDTH * HEIGHT;

    /** Numbers on the lattice of the encoders. */
    private final double[] original = new Random(1)
            .doubles(3 * PLANE, -1, 1)
            .map(v -> Math.rint(v * 0x1p24) / 0x1p24)
            .toArray();

    private final double[] decoded =
            new Random(2).doubles(3 * PLANE, -1, 1).map(v -> (float) v).toArray();

    private static RandomAccessibleInterval<DoubleType> image(final double[] values) {
        return ArrayImgs.doubles(values.clone(), WIDTH, HEIGHT, 3);
    }

    private double[] added(final Detail detail, final double[] edited) {
        final double[] values = new double[3 * PLANE];
        int i = 0;
        for (final DoubleType value : Views.flatIterable(detail.addTo(image(original), image(decoded), image(edited))))
            values[i++] = value.get();
        return values;
    }

    /** An edit that adds to the left half of the decoded image. */
    private double[] edited(final double amount) {
        final double[] edited = decoded.clone();
        for (int i = 0; i < edited.length; i++) if (i % WIDTH < WIDTH / 2) edited[i] += amount;
        return edited;
    }

    @Test
    void whereNothingChangedTheOriginalComesBackToTheLastBit() {
        assertArrayEquals(original, added(Detail.UNCHANGED, decoded));
        assertArrayEquals(original, added(Detail.ALL, decoded));
        assertArrayEquals(decoded, added(Detail.NONE, decoded));
        final double[] half = added(Detail.UNCHANGED, edited(0.5));
        for (int i = 0; i < half.length; i++)
            if (i % WIDTH >= WIDTH / 2 + 4) assertEquals(original[i], half[i], "pixel " + i);
    }

    @Test
    void whereMuchChangedTheDetailGoes() {
        final double[] edited = edited(0.5);
        final double[] half = added(Detail.UNCHANGED, edited);
        for (int i = 0; i < half.length; i++)
            if (i % WIDTH < WIDTH / 2 - 4) assertEquals(edited[i], half[i], "pixel " + i);
    }

    @Test
    void aSmallChangeKeepsItsShareOfTheDetail() {
        final double[] edited = edited(0.1);
        final double[] half = added(Detail.UNCHANGED, edited);
        for (int i = 0; i < half.length; i++)
            if (i % WIDTH < WIDTH / 2 - 4)
                assertEquals(edited[i] + 0.5 * (original[i] - decoded[i]), half[i], 1e-12, "pixel " + i);
    }

    @Test
    void allOfTheDetailIsTheDifferenceAddedToTheOriginal() {
        final double[] edited = edited(0.5);
        final double[] all = added(Detail.ALL, edited);
        for (int i = 0; i < all.length; i++) assertEquals(original[i] + (edited[i] - decoded[i]), all[i], "pixel " + i);
    }

    @ParameterizedTest
    @EnumSource
    void eachIsFoundByItsWord(final Detail detail) {
        assertEquals(detail, Detail.of(" " + detail.label().toUpperCase()));
    }

    @Test
    void anotherWordIsNamed() {
        final Exception exc = assertThrows(IllegalArgumentException.class, () -> Detail.of("much"));
        assertTrue(exc.getMessage().contains("'much'; use one of unchanged, all, none"), exc.getMessage());
    }
}
