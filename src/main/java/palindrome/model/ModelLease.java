package palindrome.model;

import java.util.concurrent.atomic.AtomicBoolean;

/** A model on loan from a {@link ModelPool}; others may be using it too. */
public final class ModelLease implements AutoCloseable {

    private final DiffusionModel model;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    ModelLease(final DiffusionModel model, final Runnable giveBack) {
        this.model = model;
        this.giveBack = giveBack;
    }

    /** @return the model, which must not be closed, nor used after this lease */
    public DiffusionModel model() {
        return model;
    }

    /** Gives the model back. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) giveBack.run();
    }
}
