package palindrome.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import palindrome.sampler.DragShift;

/** Lengths in pixels, as places of a model's states. */
class DragSettingsTest {

    private static DragSettings of(final OptionalDouble radius, final OptionalDouble stride) {
        return new DragSettings(radius, stride, 1, 0.3, DragSettings.Fill.SURROUNDINGS, DragSettings.Order.TOGETHER);
    }

    private static int radius(final double pixels, final int factor) {
        return of(OptionalDouble.of(pixels), OptionalDouble.empty())
                .patch(factor)
                .radius();
    }

    private static int drags(final OptionalDouble stride, final int factor) {
        return of(OptionalDouble.empty(), stride)
                .route(List.of(new DragShift(0, 0, 12, 0)), factor)
                .drags()
                .size();
    }

    @Test
    void radiusInPlaces() {
        assertEquals(5, DragSettings.DEFAULT.patch(2).radius());
        assertEquals(5, DragSettings.DEFAULT.patch(8).radius());
        assertEquals(7, radius(14, 2));
        assertEquals(3, radius(24, 8));
        assertEquals(1, radius(1, 8));
        assertEquals(Integer.MAX_VALUE, radius(1e300, 8));
    }

    @Test
    void strideInPlaces() {
        assertEquals(6, drags(OptionalDouble.empty(), 2));
        assertEquals(3, drags(OptionalDouble.of(8), 2));
        assertEquals(1, drags(OptionalDouble.of(24), 2));
        assertEquals(1, drags(OptionalDouble.of(1e300), 2));
        // No drag goes less far than a place.
        assertEquals(12, drags(OptionalDouble.of(1e-9), 2));
    }
}
