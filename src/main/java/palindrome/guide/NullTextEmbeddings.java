package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import palindrome.engine.Tensors;

/**
 * The unconditional text states of every node, as null-text inversion found them:
 * [N, L, D] float32 in host memory, node 1 first. Immutable.
 */
public final class NullTextEmbeddings {

    private final int nodes;
    private final int length;
    private final int width;
    private final float[] values;

    /**
     * Copies embeddings.
     *
     * @param nodes N, at least 1
     * @param length L, tokens of a prompt
     * @param width D, width of the text states
     * @param values [N, L, D], row-major, node 1 first
     * @throws IllegalArgumentException if there are not N·L·D of them
     */
    public NullTextEmbeddings(final int nodes, final int length, final int width, final float[] values) {
        if (nodes < 1 || length < 1 || width < 1 || (long) nodes * length * width != values.length)
            throw new IllegalArgumentException("Embeddings of " + nodes + " nodes, " + length + " tokens and width "
                    + width + " cannot be " + values.length + " numbers.");
        this.nodes = nodes;
        this.length = length;
        this.width = width;
        this.values = values.clone();
    }

    /** @return N, the nodes there is an embedding for */
    public int nodes() {
        return nodes;
    }

    /** @return L, tokens of a prompt */
    public int length() {
        return length;
    }

    /** @return D, width of the text states */
    public int width() {
        return width;
    }

    /** @return all numbers, [N, L, D], a copy */
    public float[] values() {
        return values.clone();
    }

    /**
     * @param node from 1 to N
     * @param manager owner of the result
     * @return the unconditional text states at that node, [1, L, D], float32
     */
    public NDArray at(final int node, final NDManager manager) {
        if (node < 1 || node > nodes)
            throw new IllegalArgumentException("There are embeddings of the nodes 1 to " + nodes + ", not of node "
                    + node + "; use the steps and strength they were found with.");
        final int size = length * width;
        return Tensors.of(manager, Arrays.copyOfRange(values, (node - 1) * size, node * size), 1, length, width);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof NullTextEmbeddings that
                && nodes == that.nodes
                && length == that.length
                && width == that.width
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
