package palindrome.network;

import java.util.ArrayList;
import java.util.List;

/**
 * Covers an array by overlapping square windows of one size, the first at its start, the last at its end, the others
 * evenly between them. Weights blend the windows: they rise and fall along a line where two overlap, and add up to 1
 * everywhere. A window as large as the array is the only one.
 *
 * @param size side of a window, at least 1
 * @param overlap what neighbours have in common at least, from 0 up, less than the size
 */
public record Windows(int size, int overlap) {

    public Windows {
        if (size < 1 || overlap < 0 || overlap >= size)
            throw new IllegalArgumentException("Windows of " + size + " that overlap by " + overlap
                    + " cover nothing; use a size of at least 1 and an overlap below it.");
    }

    /** One window over all of an array. */
    public static Windows whole(final int rows, final int columns) {
        return new Windows(Math.max(rows, columns), 0);
    }

    /**
     * A window along one axis.
     *
     * @param start its first place
     * @param weights of its places
     */
    record Span(int start, double[] weights) {

        int end() {
            return start + weights.length;
        }
    }

    /** A window of an array. */
    record Window(Span rows, Span columns) {}

    /** @return whether one window covers all of an array */
    public boolean isOne(final int rows, final int columns) {
        return size >= rows && size >= columns;
    }

    /** @return number of windows over an array */
    public int count(final int rows, final int columns) {
        return starts(rows).length * starts(columns).length;
    }

    /**
     * @param rows height of the array
     * @param columns its width
     * @param factor places of a finer array for each of this one's, along each side
     * @return windows of the finer array, row by row
     */
    List<Window> over(final int rows, final int columns, final int factor) {
        final List<Window> windows = new ArrayList<>();
        final List<Span> across = spans(columns, factor);
        for (final Span down : spans(rows, factor))
            for (final Span along : across) windows.add(new Window(down, along));
        return windows;
    }

    private int[] starts(final int length) {
        if (size >= length) return new int[1];
        final int gaps = (length - size - 1) / (size - overlap) + 1;
        final int[] starts = new int[gaps + 1];
        for (int i = 0; i <= gaps; i++) starts[i] = (int) (((long) i * (length - size) + gaps / 2) / gaps);
        return starts;
    }

    private List<Span> spans(final int length, final int factor) {
        final int[] starts = starts(length);
        final int width = Math.min(size, length) * factor;
        final double[] sums = new double[length * factor];
        final List<Span> spans = new ArrayList<>();
        for (int i = 0; i < starts.length; i++) {
            final int before = i == 0 ? 0 : width - (starts[i] - starts[i - 1]) * factor;
            final int after = i == starts.length - 1 ? 0 : width - (starts[i + 1] - starts[i]) * factor;
            final Span span = new Span(starts[i] * factor, ramps(width, before, after));
            for (int k = 0; k < width; k++) sums[span.start() + k] += span.weights()[k];
            spans.add(span);
        }
        for (final Span span : spans) for (int k = 0; k < width; k++) span.weights()[k] /= sums[span.start() + k];
        return spans;
    }

    private static double[] ramps(final int width, final int before, final int after) {
        final double[] weights = new double[width];
        for (int k = 0; k < width; k++) {
            final double rise = k < before ? (k + 0.5) / before : 1;
            final double fall = width - 1 - k < after ? (width - 0.5 - k) / after : 1;
            weights[k] = Math.min(rise, fall);
        }
        return weights;
    }
}
