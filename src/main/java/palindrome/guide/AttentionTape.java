package palindrome.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import palindrome.network.AttentionLayer;

/**
 * What attention layers were given while the network saw the source, until the edit has used it: of each layer in the order of
 * its evaluations, of which windows make several.
 */
final class AttentionTape implements AutoCloseable {

    private final NDManager manager;
    private final Map<AttentionLayer, Deque<NDArray>> recorded = new IdentityHashMap<>();

    /** @param owner parent of what is recorded */
    AttentionTape(final NDManager owner) {
        manager = owner.newSubManager();
    }

    /** Keeps copies. */
    void record(final AttentionLayer layer, final NDArray... given) {
        for (final NDArray array : given) {
            final NDArray copy = array.duplicate();
            copy.attach(manager);
            recorded.computeIfAbsent(layer, any -> new ArrayDeque<>()).add(copy);
        }
    }

    /** @return the earliest copy of a layer that was not taken yet; the caller closes it */
    NDArray next(final AttentionLayer layer) {
        final Deque<NDArray> left = recorded.get(layer);
        if (left == null || left.isEmpty())
            throw new IllegalStateException("The edit asks an attention layer that the source did not.");
        return left.remove();
    }

    /** Forgets what is left. */
    void clear() {
        recorded.values().forEach(left -> left.forEach(NDArray::close));
        recorded.clear();
    }

    @Override
    public void close() {
        manager.close();
    }
}
