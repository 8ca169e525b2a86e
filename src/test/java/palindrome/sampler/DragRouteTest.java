package palindrome.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DragRouteTest {

    /** Pixels of an image as places of a latent, where one stands for 8 × 8 pixels. */
    private static DragShift pixels(final int fromX, final int fromY, final int toX, final int toY) {
        return new DragShift(fromX / 8, fromY / 8, toX / 8, toY / 8);
    }

    private static List<List<Integer>> places(final DragRoute route) {
        final List<DragShift> shifts =
                route.drags().stream().map(drag -> drag.get(0)).toList();
        return Stream.concat(
                        Stream.of(List.of(shifts.get(0).fromX(), shifts.get(0).fromY())),
                        shifts.stream().map(shift -> List.of(shift.toX(), shift.toY())))
                .toList();
    }

    /** What the paper's program computes. */
    @Test
    void theNumberOfDragsAndTheirPlaces() {
        assertEquals(
                List.of(
                        List.of(18, 27),
                        List.of(18, 26),
                        List.of(18, 24),
                        List.of(18, 22),
                        List.of(18, 20),
                        List.of(18, 18)),
                places(DragRoute.together(List.of(pixels(145, 216, 146, 144)), 2)));
        assertEquals(
                List.of(
                        List.of(12, 12),
                        List.of(13, 13),
                        List.of(15, 14),
                        List.of(17, 16),
                        List.of(18, 17),
                        List.of(20, 18),
                        List.of(22, 20)),
                places(DragRoute.together(List.of(pixels(100, 100, 180, 160)), 2)));
        assertEquals(
                1,
                DragRoute.together(List.of(pixels(100, 100, 108, 108)), 2)
                        .drags()
                        .size());
        assertEquals(
                1,
                DragRoute.together(List.of(new DragShift(3, 4, 3, 4)), 2)
                        .drags()
                        .size());
    }

    @Test
    void theLongestHandleSaysHowManyDragsAllTake() {
        final DragRoute route = DragRoute.together(List.of(new DragShift(0, 0, 8, 0), new DragShift(9, 9, 9, 5)), 2);
        assertEquals(4, route.drags().size());
        assertEquals(
                List.of(new DragShift(0, 0, 2, 0), new DragShift(9, 9, 9, 8)),
                route.drags().get(0));
        assertEquals(
                List.of(new DragShift(6, 0, 8, 0), new DragShift(9, 6, 9, 5)),
                route.drags().get(3));
    }

    @Test
    void oneHandleAfterTheOther() {
        final DragRoute route = DragRoute.successive(List.of(new DragShift(0, 0, 8, 0), new DragShift(9, 9, 9, 5)), 2);
        assertEquals(
                List.of(
                        new DragShift(0, 0, 2, 0),
                        new DragShift(2, 0, 4, 0),
                        new DragShift(4, 0, 6, 0),
                        new DragShift(6, 0, 8, 0),
                        new DragShift(9, 9, 9, 7),
                        new DragShift(9, 7, 9, 5)),
                route.drags().stream().map(drag -> drag.get(0)).toList());
    }

    @Test
    void nothingToDragIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new DragRoute(List.of()));
        assertThrows(IllegalArgumentException.class, () -> new DragRoute(List.of(List.of())));
    }
}
