package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.stream.DoubleStream;
import palindrome.engine.Tensors;
import palindrome.sampler.StateExchange;

/**
 * Limits an edit to the places that attend to some words, in the source or in the edit (local blend of Prompt-to-Prompt, Hertz
 * et al. 2022), by the cross-attention of one level's layers, summed over all evaluations so far: after every step
 *
 * <pre>x ← x_source + m·(x − x_source),   m 0 or 1</pre>
 *
 * in the states as they are stored. So outside of the mask the edit has every bit of the source, and inside it is free.
 */
final class LocalBlend implements StateExchange {

    private final float[] sourceColumns;
    private final float[] columns;
    private final int level;
    private final BlendWords words;
    private double[] sourceSum = {};
    private double[] editSum = {};
    private double share = 1;

    /**
     * @param sourceColumns weights of the source's tokens, [Ls, 2]: in the first column of words whose places may change, in
     *          the second of those that may not
     * @param columns of the target's tokens, [L, 2]
     * @param level of the layers whose attention is read
     * @param words which they are; their thresholds are used
     */
    LocalBlend(final float[] sourceColumns, final float[] columns, final int level, final BlendWords words) {
        this.sourceColumns = sourceColumns;
        this.columns = columns;
        this.level = level;
        this.words = words;
    }

    float[] sourceColumns() {
        return sourceColumns;
    }

    float[] columns() {
        return columns;
    }

    /** @return share of the places that may change, at the last step so far */
    double share() {
        return share;
    }

    /** @return level of the layers whose attention is wanted */
    int level() {
        return level;
    }

    /** @param attention of a layer's places to the source's columns, [places, 2] */
    void addSource(final float[] attention) {
        sourceSum = added(sourceSum, attention);
    }

    /** @param attention of a layer's places to the target's columns, [places, 2] */
    void addEdit(final float[] attention) {
        editSum = added(editSum, attention);
    }

    private static double[] added(final double[] sum, final float[] attention) {
        final double[] next = sum.length == 0 ? new double[attention.length] : sum;
        for (int i = 0; i < next.length; i++) next[i] += attention[i];
        return next;
    }

    /** @param states the source's and the edit's, [2, C, H, W] */
    @Override
    public NDArray exchanged(final NDArray states) {
        if (sourceSum.length == 0) return states;
        final NDManager owner = states.getManager();
        try (NDManager scope = owner.newSubManager()) {
            scope.tempAttachAll(states);
            final NDArray source = states.get("0:1");
            final NDArray mask = Tensors.cast(mask(states), states.getDataType());
            final NDArray edit =
                    states.get("1:2").mul(mask).add(source.mul(mask.neg().add(1)));
            final NDArray both = source.concat(edit);
            both.attach(owner);
            return both;
        }
    }

    private NDArray mask(final NDArray state) {
        final int height = (int) state.getShape().get(2);
        final int width = (int) state.getShape().get(3);
        final int rows = -(-height >> level);
        final int placesAcross = -(-width >> level);
        final boolean[] mask = WordMask.of(
                List.of(sourceSum, editSum),
                new WordMask.Size(rows, placesAcross),
                new WordMask.Size(height, width),
                words);
        final double[] values = new double[mask.length];
        for (int i = 0; i < values.length; i++) values[i] = mask[i] ? 1 : 0;
        share = DoubleStream.of(values).average().orElse(0);
        return Tensors.of(state.getManager(), values, 1, 1, height, width);
    }
}
