package palindrome.model;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import palindrome.engine.Placement;

/**
 * Models that are open, so that one copy of their weights serves all commands
 * that run at once or one after the other.
 * <p>
 * A model is lent, and given back by closing the lease. One that nobody has
 * borrowed for a while is closed, and so is the oldest of too many such. If a
 * file of a model changed on disk, the next lease opens it anew, and the old one
 * is closed when its last borrower is done. Safe from several threads.
 */
public final class ModelPool implements AutoCloseable {

    /** Opens a model that the pool does not have. */
    interface Opener {

        DiffusionModel open(ModelChoice choice, Placement placement) throws IOException;
    }

    /** What makes two models the same, apart from their files. */
    private record Key(String choice, Placement placement) {}

    private static final class Entry {

        private final Key key;
        private final List<FileStamp> stamps;
        private final CompletableFuture<DiffusionModel> model = new CompletableFuture<>();
        private int leases;
        private long returns;

        Entry(final Key key, final List<FileStamp> stamps) {
            this.key = key;
            this.stamps = stamps;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ModelPool.class);

    /** A model and the one it is compared with. */
    private static final int MAX_IDLE = 2;

    private static final Duration IDLE = Duration.ofMinutes(Long.getLong("palindrome.model.idle.minutes", 5));

    private final Opener opener;
    private final Duration idle;
    private final Map<Key, Entry> entries = new HashMap<>();
    private final Deque<Entry> unused = new ArrayDeque<>();
    private final ScheduledExecutorService clock;
    private boolean closed;

    /**
     * @param opener opens a model
     * @param idle how long a model is kept that nobody uses
     */
    ModelPool(final Opener opener, final Duration idle) {
        this.opener = opener;
        this.idle = idle;
        clock = Executors.newSingleThreadScheduledExecutor(task -> {
            final Thread thread = new Thread(task, "Palindrome model pool");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The one pool of this process, made when it is first used and closed when the process ends. */
    private static final class Shared {

        private static final ModelPool POOL = new ModelPool(
                (choice, placement) -> ModelCatalog.open(choice, placement, RememberedPredictions.ofUser()), IDLE);

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(POOL::close, "Palindrome model pool end"));
        }
    }

    /** @return the pool that all commands of this process share */
    public static ModelPool shared() {
        return Shared.POOL;
    }

    /**
     * Lends a model; opens it if it is not open, and waits if another thread is
     * opening it.
     *
     * @param choice a {@link ModelChoice} as text
     * @param placement where it runs, and in which precision
     * @return the model, which is given back by closing the lease
     * @throws PredictionOpenException if nothing says what the network predicts
     * @throws ModelException if there is no such model, or it cannot be used
     * @throws IOException if a file cannot be read
     */
    public ModelLease lease(final String choice, final Placement placement) throws IOException {
        final ModelChoice lasting = ModelChoice.parse(choice).lasting();
        final Key key = new Key(lasting.toString(), placement);
        final List<FileStamp> stamps = ModelCatalog.stamps(lasting);
        final Entry entry;
        final boolean isNew;
        final List<Entry> outdated = new ArrayList<>();
        synchronized (this) {
            if (closed) throw new IllegalStateException("ImageJ is closing, so no model is opened any more.");
            final Entry found = entries.get(key);
            isNew = found == null || !found.stamps.equals(stamps);
            if (isNew && found != null) forget(found, outdated);
            entry = isNew ? new Entry(key, stamps) : found;
            if (isNew) {
                entries.put(key, entry);
                trim(MAX_IDLE - 1, outdated);
            }
            entry.leases++;
            unused.remove(entry);
        }
        outdated.forEach(ModelPool::closeModel);
        if (isNew) open(entry, lasting, placement);
        return new ModelLease(opened(entry), () -> giveBack(entry));
    }

    /** Closes all models that nobody uses. Those in use are closed when they are given back. */
    public void releaseAll() {
        final List<Entry> released = new ArrayList<>();
        synchronized (this) {
            for (final Entry entry : List.copyOf(entries.values())) forget(entry, released);
        }
        released.forEach(ModelPool::closeModel);
    }

    /** @return what is open now, as {@link ModelChoice} writes it, one for each place it runs on */
    public synchronized List<String> open() {
        return entries.keySet().stream().map(Key::choice).sorted().toList();
    }

    /** As {@link #releaseAll}; nothing can be borrowed after it. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        clock.shutdownNow();
        releaseAll();
    }

    private void open(final Entry entry, final ModelChoice choice, final Placement placement) {
        try {
            entry.model.complete(opener.open(choice, placement));
        } catch (final IOException | RuntimeException | Error exc) {
            // NB: the borrowers wait for this entry, whatever happened.
            entry.model.completeExceptionally(exc);
        }
    }

    private DiffusionModel opened(final Entry entry) throws IOException {
        try {
            return entry.model.get();
        } catch (final InterruptedException exc) {
            giveBack(entry);
            Thread.currentThread().interrupt();
            throw new IOException("The model was not opened; the command was interrupted.", exc);
        } catch (final ExecutionException exc) {
            synchronized (this) {
                entries.remove(entry.key, entry);
                entry.leases--;
            }
            if (exc.getCause() instanceof IOException io) throw io;
            if (exc.getCause() instanceof RuntimeException runtime) throw runtime;
            if (exc.getCause() instanceof Error error) throw error;
            throw new IOException(exc.getCause());
        }
    }

    private void giveBack(final Entry entry) {
        final List<Entry> released = new ArrayList<>();
        synchronized (this) {
            entry.leases--;
            if (entry.leases > 0) return;
            if (entries.get(entry.key) != entry) released.add(entry);
            else {
                unused.addLast(entry);
                trim(MAX_IDLE, released);
                final long returned = ++entry.returns;
                if (!closed) clock.schedule(() -> expire(entry, returned), idle.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        released.forEach(ModelPool::closeModel);
    }

    private void expire(final Entry entry, final long returned) {
        final List<Entry> released = new ArrayList<>();
        synchronized (this) {
            if (entry.leases == 0 && entry.returns == returned && entries.get(entry.key) == entry)
                forget(entry, released);
        }
        released.forEach(ModelPool::closeModel);
    }

    /** @param released takes the longest unused models, until no more than {@code kept} are left */
    private void trim(final int kept, final List<Entry> released) {
        final Iterator<Entry> oldest = List.copyOf(unused).iterator();
        while (unused.size() > kept) forget(oldest.next(), released);
    }

    /** @param released takes the entry if nobody uses it; else it is closed when it is given back */
    private void forget(final Entry entry, final List<Entry> released) {
        entries.remove(entry.key, entry);
        if (unused.remove(entry)) released.add(entry);
    }

    private static void closeModel(final Entry entry) {
        if (!entry.model.isDone() || entry.model.isCompletedExceptionally()) return;
        try {
            entry.model.join().close();
        } catch (final RuntimeException exc) {
            LOG.warn("The model {} was not closed properly.", entry.key.choice(), exc);
        }
    }
}
