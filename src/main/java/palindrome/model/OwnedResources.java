package palindrome.model;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Resources that are closed together, the last one first.
 */
final class OwnedResources implements AutoCloseable {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    <T extends AutoCloseable> T own(final T resource) {
        resources.push(resource);
        return resource;
    }

    /**
     * Closes all, also if some fail.
     *
     * @throws IllegalStateException with the first failure
     */
    @Override
    public void close() {
        IllegalStateException failure = null;
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (final Exception exc) {
                if (failure == null) failure = new IllegalStateException("A model could not be closed.", exc);
                else failure.addSuppressed(exc);
            }
        }
        if (failure != null) throw failure;
    }
}
