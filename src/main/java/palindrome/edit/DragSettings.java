package palindrome.edit;

import java.util.List;
import java.util.OptionalDouble;
import palindrome.sampler.DragRoute;
import palindrome.sampler.DragShift;
import palindrome.sampler.PatchDrag;

/**
 * What SDE-Drag does in noise. Lengths are in pixels; where they are left to the model, they are the paper's numbers of
 * places of its state, of which one stands for 8 pixels with Stable Diffusion and for 2 with the bundled model.
 *
 * @param radius half the side of the squares that are copied, above 0, or empty for 5 places
 * @param stride about how far one drag goes, above 0, or empty for 2 places
 * @param alpha how much stronger the copy is, above 0; the paper has 1.1
 * @param beta how much of itself the source keeps, from 0 to 1, usually 0.3
 * @param fill what the noise lies around that the source is filled with; the paper has 0
 * @param order in which several handles are dragged
 */
public record DragSettings(
        OptionalDouble radius, OptionalDouble stride, double alpha, double beta, Fill fill, Order order) {

    /**
     * What suits the bundled model. The paper's α is 1.1, which makes pixels brighter with every drag, and it fills with
     * noise around 0.
     */
    public static final DragSettings DEFAULT =
            new DragSettings(OptionalDouble.empty(), OptionalDouble.empty(), 1, 0.3, Fill.SURROUNDINGS, Order.TOGETHER);

    private static final int USUAL_RADIUS = 5;

    /** What the noise lies around that is put where something was. */
    public enum Fill {
        /** The mean of what surrounds it. */
        SURROUNDINGS(PatchDrag.Fill.SURROUNDINGS),
        /** 0, as in the paper: mid-grey, where a model works on pixels. */
        ZERO(PatchDrag.Fill.ZERO);

        private final PatchDrag.Fill inNoise;

        Fill(final PatchDrag.Fill inNoise) {
            this.inNoise = inNoise;
        }
    }

    /** In which order several handles are dragged. */
    public enum Order {
        /** All a part of the way, then the next part. */
        TOGETHER {
            @Override
            DragRoute route(final List<DragShift> handles, final double stride) {
                return DragRoute.together(handles, stride);
            }
        },
        /** One all the way, then the next one. */
        SUCCESSIVE {
            @Override
            DragRoute route(final List<DragShift> handles, final double stride) {
                return DragRoute.successive(handles, stride);
            }
        };

        abstract DragRoute route(List<DragShift> handles, double stride);
    }

    public DragSettings {
        requireLength("radius", radius);
        requireLength("stride", stride);
        // What is wrong with the rest is said now, not after a model was loaded.
        new PatchDrag(USUAL_RADIUS, alpha, beta, fill.inNoise);
    }

    private static void requireLength(final String name, final OptionalDouble pixels) {
        if (pixels.isPresent() && !(pixels.getAsDouble() > 0 && Double.isFinite(pixels.getAsDouble())))
            throw new IllegalArgumentException(
                    "The " + name + " is " + pixels.getAsDouble() + " pixels; use a number above 0, or auto.");
    }

    /**
     * @param factor pixels along each side that one place of the model's state stands for
     * @return what to do around each place
     */
    PatchDrag patch(final int factor) {
        final long places = radius.isEmpty() ? USUAL_RADIUS : Math.max(1, Math.round(radius.getAsDouble() / factor));
        return new PatchDrag(Math.toIntExact(places), alpha, beta, fill.inNoise);
    }

    /** @return the drags of handles, which are in places of the state; {@code factor} as above */
    DragRoute route(final List<DragShift> handles, final int factor) {
        return order.route(handles, stride.isEmpty() ? DragRoute.USUAL_STRIDE : stride.getAsDouble() / factor);
    }
}
