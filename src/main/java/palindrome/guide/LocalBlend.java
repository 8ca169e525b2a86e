package palindrome.guide;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.stream.DoubleStream;
import palindrome.engine.Tensors;

/**
 * Limits an edit to the places that attend to some words, in the source or in the edit (local blend of Prompt-to-Prompt, Hertz
 * et al. 2022): the cross-attention of one level's layers, summed over all evaluations so far.
 * <p>
 * Where the published code puts back the source's state after a step, this changes the prediction, so that any sampler can
 * step on it: outside of the mask the edit is drawn to the clean image that the source's prediction sees,
 *
 * <pre>x̂₀ = x̂₀_source,   that is   ε = ε_source + (x − x_source)/σ</pre>
 *
 * which is ε_source itself, to the last bit, at places that were never in the mask, and leads places that left it back to the
 * source as the noise ends.
 */
final class LocalBlend {

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

    /**
     * @param source noise the network sees in the source's state
     * @param edit and in the edit's
     * @param difference of the edit's state from the source's
     * @param sigma noise scale of both
     * @return the edit's noise, limited
     */
    NDArray epsilon(final NDArray source, final NDArray edit, final NDArray difference, final double sigma) {
        final NDArray mask = mask(edit);
        final NDArray back = difference.mul(mask.mul(-1).add(1)).div(sigma);
        return clean(source, edit, mask).add(back);
    }

    /**
     * @param source clean image the network sees in the source's state
     * @param edit and in the edit's
     * @return the edit's, limited
     */
    NDArray clean(final NDArray source, final NDArray edit) {
        return clean(source, edit, mask(edit));
    }

    private static NDArray clean(final NDArray source, final NDArray edit, final NDArray mask) {
        return source.add(edit.sub(source).mul(mask));
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
