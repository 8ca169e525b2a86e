package palindrome.model;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Something on loan from a {@link ModelPool}; others may be using it too.
 *
 * @param <T> what is lent
 */
public final class Lease<T> implements AutoCloseable {

    private final T lent;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(final T lent, final Runnable giveBack) {
        this.lent = lent;
        this.giveBack = giveBack;
    }

    /** @return what is lent, which must not be closed, nor used after this lease */
    public T get() {
        return lent;
    }

    /** Gives it back. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) giveBack.run();
    }
}
