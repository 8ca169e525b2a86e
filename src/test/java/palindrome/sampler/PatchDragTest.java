package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import palindrome.engine.Tensors;
import palindrome.engine.TorchEngine;

/** Copy and paste on a state of 7 columns and 5 rows, whose numbers are their own places. */
class PatchDragTest {

    private static final int COLUMNS = 7;
    private static final int ROWS = 5;
    private static final double FRESH = 1000;

    private NDManager manager;
    private final List<String> drawn = new ArrayList<>();

    @BeforeEach
    void open() {
        manager = TorchEngine.start().newManager(Device.cpu());
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private static double[] places() {
        final double[] values = new double[2 * ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) values[i] = i;
        return values;
    }

    private double[] dragged(final PatchDrag patch, final DragShift... shifts) {
        final NDArray state = Tensors.of(manager, places(), 1, 2, ROWS, COLUMNS);
        return patch.applyTo(state, List.of(shifts), (owner, shape) -> {
                    drawn.add(shape[3] + " x " + shape[2]);
                    final double[] fresh = new double[(int) (shape[0] * shape[1] * shape[2] * shape[3])];
                    Arrays.fill(fresh, FRESH);
                    return Tensors.of(owner, fresh, shape);
                })
                .toDoubleArray();
    }

    @Test
    void theCopyIsStrongerAndTheSourceIsNoise() {
        final double[] after = dragged(new PatchDrag(1, 2, .6, PatchDrag.Fill.ZERO), new DragShift(1, 1, 4, 3));
        final double[] expected = places();
        for (int channel = 0; channel < 2; channel++)
            for (int y = -1; y < 1; y++)
                for (int x = -1; x < 1; x++) {
                    final int from = (channel * ROWS + 1 + y) * COLUMNS + 1 + x;
                    final int to = (channel * ROWS + 3 + y) * COLUMNS + 4 + x;
                    expected[from] = .6 * from + .8 * FRESH;
                    expected[to] = 2 * from;
                }
        assertArrayEquals(expected, after, 1e-12);
    }

    /** Around the square of columns 4 to 5 and rows 1 to 2 lie, up to three places away, columns 1 to 6 and all rows. */
    @Test
    void theSourceIsFilledLikeItsSurroundings() {
        final double[] before = places();
        final double[] after = dragged(new PatchDrag(1, 1, .6, PatchDrag.Fill.SURROUNDINGS), new DragShift(5, 2, 5, 4));
        for (int channel = 0; channel < 2; channel++) {
            double sum = 0;
            for (int y = 0; y < ROWS; y++)
                for (int x = 1; x < COLUMNS; x++)
                    if (y < 1 || y > 2 || x < 4 || x > 5) sum += before[(channel * ROWS + y) * COLUMNS + x];
            final int place = (channel * ROWS + 1) * COLUMNS + 4;
            assertEquals(.6 * before[place] + .4 * sum / (ROWS * 6 - 4) + .8 * FRESH, after[place], 1e-12);
        }
        final double[] whole = dragged(new PatchDrag(9, 1, 0, PatchDrag.Fill.SURROUNDINGS), new DragShift(3, 2, 3, 2));
        assertArrayEquals(before, whole, 0);
    }

    @Test
    void theTargetWinsWhereSquaresLieOverEachOther() {
        final double[] after = dragged(new PatchDrag(2, 1, 0, PatchDrag.Fill.ZERO), new DragShift(2, 2, 3, 2));
        for (int y = 0; y < 4; y++) {
            assertEquals(FRESH, after[y * COLUMNS], 0);
            for (int x = 1; x < 5; x++) assertEquals(y * COLUMNS + x - 1, after[y * COLUMNS + x], 0);
        }
    }

    /** Side by side, both squares are narrowed to what fits around both places. */
    @Test
    void squaresStayInTheState() {
        dragged(new PatchDrag(3, 1, 0, PatchDrag.Fill.ZERO), new DragShift(1, 4, 6, 2));
        assertEquals(List.of("2 x 3"), drawn);
        drawn.clear();
        dragged(new PatchDrag(9, 1, 0, PatchDrag.Fill.ZERO), new DragShift(3, 2, 3, 2));
        assertEquals(List.of(COLUMNS + " x " + ROWS), drawn);
    }

    /** The second handle copies what the first one left. */
    @Test
    void handlesFollowEachOther() {
        final double[] after = dragged(
                new PatchDrag(1, 1, 0, PatchDrag.Fill.ZERO), new DragShift(1, 1, 3, 1), new DragShift(3, 1, 5, 1));
        assertEquals(0, after[4], 0);
        assertEquals(FRESH, after[2], 0);
        assertEquals(FRESH, after[0], 0);
    }

    @Test
    void placesOutsideAreRefused() {
        for (final DragShift shift : List.of(
                new DragShift(-1, 0, 2, 2),
                new DragShift(0, 0, COLUMNS, 2),
                new DragShift(0, 0, 2, ROWS),
                new DragShift(0, -1, 2, 2)))
            assertTrue(assertThrows(
                            IllegalArgumentException.class,
                            () -> dragged(new PatchDrag(1, 1, 0, PatchDrag.Fill.ZERO), shift))
                    .getMessage()
                    .contains("keep both ends inside"));
    }
}
