package palindrome.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Trades resolution for channels without loss: every f×f square of pixels
 * becomes f² channels, so that a network at full detail works on a smaller grid.
 * Channel c·f² + f·i + j holds the pixels at row offset i and column offset j of
 * channel c, as in PyTorch's {@code pixel_unshuffle}. Any element type; results
 * are bit for bit the same numbers.
 *
 * @param factor f, at least 1; 1 changes nothing
 */
public record PixelUnshuffle(int factor) implements ImageSpace {

    /** @throws IllegalArgumentException if the factor is less than 1 */
    public PixelUnshuffle {
        if (factor < 1)
            throw new IllegalArgumentException("pixel_unshuffle is " + factor + "; use a whole number from 1 up.");
    }

    /**
     * @param pixels [B, C, H, W], H and W multiples of f
     * @return [B, C·f², H/f, W/f], owned by the same manager
     * @throws IllegalArgumentException if a side is no multiple of f
     */
    @Override
    public NDArray toState(final NDArray pixels) {
        final Shape shape = pixels.getShape();
        final long height = divided(shape, 2);
        final long width = divided(shape, 3);
        return rearranged(
                pixels,
                new Shape(shape.get(0), shape.get(1), height, factor, width, factor),
                new int[] {0, 1, 3, 5, 2, 4},
                new Shape(shape.get(0), shape.get(1) * factor * factor, height, width));
    }

    /**
     * @param state [B, C·f², H/f, W/f]
     * @return [B, C, H, W], owned by the same manager
     * @throws IllegalArgumentException if the channels are no multiple of f²
     */
    @Override
    public NDArray toPixels(final NDArray state) {
        final Shape shape = state.getShape();
        if (shape.get(1) % (factor * factor) != 0)
            throw new IllegalArgumentException("A state of shape " + shape + " has no multiple of " + factor * factor
                    + " channels, so it is no image at pixel_unshuffle = " + factor + ".");
        final long channels = shape.get(1) / (factor * factor);
        return rearranged(
                state,
                new Shape(shape.get(0), channels, factor, factor, shape.get(2), shape.get(3)),
                new int[] {0, 1, 4, 2, 5, 3},
                new Shape(shape.get(0), channels, shape.get(2) * factor, shape.get(3) * factor));
    }

    private long divided(final Shape shape, final int axis) {
        if (shape.get(axis) % factor != 0)
            throw new IllegalArgumentException(
                    "An image of shape " + shape + " cannot be cut into squares of " + factor + " pixels.");
        return shape.get(axis) / factor;
    }

    private static NDArray rearranged(final NDArray array, final Shape cut, final int[] order, final Shape joined) {
        try (NDArray squares = array.reshape(cut);
                NDArray moved = squares.transpose(order)) {
            // NB: a view of strided memory would surprise whoever reads its bytes.
            return moved.reshape(joined).duplicate();
        }
    }
}
