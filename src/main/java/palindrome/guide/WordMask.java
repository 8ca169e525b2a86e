package palindrome.guide;

import java.util.List;

/**
 * The places that belong to some words and not to others, from how much they attend to them: as the mask of Prompt-to-Prompt's
 * local blend.
 */
final class WordMask {

    private WordMask() {}

    /** Of an array, in places. */
    record Size(int rows, int columns) {}

    /**
     * A place is in the mask if it belongs to the words in one of the images, and to the others in none. It belongs to words
     * if the attention there, or for those that may change beside it, is above a share of the largest.
     *
     * @param maps attention of each image, [places, 2]: to the words that may change, and to those that may not
     * @param size places of the maps
     * @param wanted places of the mask, whose values are those of the nearest place
     * @param words whose thresholds are the shares
     * @return the mask, row-major
     */
    static boolean[] of(final List<double[]> maps, final Size size, final Size wanted, final BlendWords words) {
        final boolean[] mask = new boolean[wanted.rows() * wanted.columns()];
        for (final double[] map : maps) {
            final boolean[] belongs = above(pooled(column(map, 0, size), size), size, wanted, words.threshold());
            for (int i = 0; i < mask.length; i++) mask[i] |= belongs[i];
        }
        for (final double[] map : maps) {
            final boolean[] excluded = above(column(map, 1, size), size, wanted, words.withoutThreshold());
            for (int i = 0; i < mask.length; i++) mask[i] &= !excluded[i];
        }
        return mask;
    }

    private static double[] column(final double[] map, final int column, final Size size) {
        final double[] values = new double[size.rows() * size.columns()];
        if (map.length != 2 * values.length)
            throw new IllegalStateException("Attention of " + map.length / 2 + " places does not fit " + size + ".");
        for (int i = 0; i < values.length; i++) values[i] = map[2 * i + column];
        return values;
    }

    /** The largest value of each place and its neighbours. */
    private static double[] pooled(final double[] values, final Size size) {
        final double[] pooled = values.clone();
        for (int y = 0; y < size.rows(); y++)
            for (int x = 0; x < size.columns(); x++)
                for (int v = Math.max(0, y - 1); v <= Math.min(size.rows() - 1, y + 1); v++)
                    for (int u = Math.max(0, x - 1); u <= Math.min(size.columns() - 1, x + 1); u++)
                        pooled[y * size.columns() + x] =
                                Math.max(pooled[y * size.columns() + x], values[v * size.columns() + u]);
        return pooled;
    }

    /** Nothing is above a share of nothing: so it is with words that an image's prompt does not have. */
    private static boolean[] above(final double[] values, final Size size, final Size wanted, final double threshold) {
        double largest = 0;
        for (final double value : values) largest = Math.max(largest, value);
        final boolean[] above = new boolean[wanted.rows() * wanted.columns()];
        if (largest == 0) return above;
        for (int y = 0; y < wanted.rows(); y++)
            for (int x = 0; x < wanted.columns(); x++) {
                final int row = (int) ((long) y * size.rows() / wanted.rows());
                final int column = (int) ((long) x * size.columns() / wanted.columns());
                above[y * wanted.columns() + x] = values[row * size.columns() + column] / largest > threshold;
            }
        return above;
    }
}
