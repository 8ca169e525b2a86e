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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import palindrome.engine.Placement;

/**
 * Networks of one kind that are open, lent and taken back under the rules of
 * {@link ModelPool}. Safe from several threads.
 *
 * @param <T> what is lent
 */
final class LeasePool<T extends AutoCloseable> implements AutoCloseable {

    /** Opens what the pool does not have. */
    interface Opening<T> {

        T open() throws IOException;
    }

    /**
     * What makes two of them the same, apart from their files.
     *
     * @param choice the words that choose it, with lasting paths
     * @param placement where it runs, and in which precision
     */
    record Key(String choice, Placement placement) {}

    private static final class Entry<T> {

        private final Key key;
        private final List<FileStamp> stamps;
        private final CompletableFuture<T> opened = new CompletableFuture<>();
        private int leases;
        private long returns;

        Entry(final Key key, final List<FileStamp> stamps) {
            this.key = key;
            this.stamps = stamps;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(LeasePool.class);

    private final int maxIdle;
    private final Duration idle;
    private final ScheduledExecutorService clock;
    private final Map<Key, Entry<T>> entries = new HashMap<>();
    private final Deque<Entry<T>> unused = new ArrayDeque<>();
    private boolean closed;

    /**
     * @param maxIdle how many are kept that nobody uses
     * @param idle how long such a one is kept
     * @param clock closes them in time; its owner shuts it down when this pool is closed
     */
    LeasePool(final int maxIdle, final Duration idle, final ScheduledExecutorService clock) {
        this.maxIdle = maxIdle;
        this.idle = idle;
        this.clock = clock;
    }

    /**
     * Lends one; opens it if it is not open, and waits if another thread is opening
     * it.
     *
     * @param key what is wanted
     * @param stamps of all files it depends on
     * @param opening opens it
     * @throws IOException from the opening
     */
    Lease<T> lease(final Key key, final List<FileStamp> stamps, final Opening<T> opening) throws IOException {
        final Entry<T> entry;
        final boolean isNew;
        final List<Entry<T>> outdated = new ArrayList<>();
        synchronized (this) {
            if (closed) throw new IllegalStateException("ImageJ is closing, so no model is opened any more.");
            final Entry<T> found = entries.get(key);
            isNew = found == null || !found.stamps.equals(stamps);
            if (isNew && found != null) forget(found, outdated);
            entry = isNew ? new Entry<>(key, stamps) : found;
            if (isNew) {
                entries.put(key, entry);
                trim(maxIdle - 1, outdated);
            }
            entry.leases++;
            unused.remove(entry);
        }
        outdated.forEach(LeasePool::closeOpened);
        if (isNew) open(entry, opening);
        return new Lease<>(opened(entry), () -> giveBack(entry));
    }

    /** Closes all that nobody uses. What is in use is closed when it is given back. */
    void releaseAll() {
        final List<Entry<T>> released = new ArrayList<>();
        synchronized (this) {
            for (final Entry<T> entry : List.copyOf(entries.values())) forget(entry, released);
        }
        released.forEach(LeasePool::closeOpened);
    }

    /** @return the choices that are open now, one for each place it runs on */
    synchronized List<String> open() {
        return entries.keySet().stream().map(Key::choice).toList();
    }

    /** As {@link #releaseAll}; nothing can be borrowed after it. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        releaseAll();
    }

    private void open(final Entry<T> entry, final Opening<T> opening) {
        try {
            entry.opened.complete(opening.open());
        } catch (final IOException | RuntimeException | Error exc) {
            // NB: the borrowers wait for this entry, whatever happened.
            entry.opened.completeExceptionally(exc);
        }
    }

    private T opened(final Entry<T> entry) throws IOException {
        try {
            return entry.opened.get();
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

    private void giveBack(final Entry<T> entry) {
        final List<Entry<T>> released = new ArrayList<>();
        synchronized (this) {
            entry.leases--;
            if (entry.leases > 0) return;
            if (entries.get(entry.key) != entry) released.add(entry);
            else {
                unused.addLast(entry);
                trim(maxIdle, released);
                final long returned = ++entry.returns;
                if (!closed) clock.schedule(() -> expire(entry, returned), idle.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        released.forEach(LeasePool::closeOpened);
    }

    private void expire(final Entry<T> entry, final long returned) {
        final List<Entry<T>> released = new ArrayList<>();
        synchronized (this) {
            if (entry.leases == 0 && entry.returns == returned && entries.get(entry.key) == entry)
                forget(entry, released);
        }
        released.forEach(LeasePool::closeOpened);
    }

    /** @param released takes the longest unused, until no more than {@code kept} are left */
    private void trim(final int kept, final List<Entry<T>> released) {
        final Iterator<Entry<T>> oldest = List.copyOf(unused).iterator();
        while (unused.size() > kept) forget(oldest.next(), released);
    }

    /** @param released takes the entry if nobody uses it; else it is closed when it is given back */
    private void forget(final Entry<T> entry, final List<Entry<T>> released) {
        entries.remove(entry.key, entry);
        if (unused.remove(entry)) released.add(entry);
    }

    private static void closeOpened(final Entry<? extends AutoCloseable> entry) {
        if (!entry.opened.isDone() || entry.opened.isCompletedExceptionally()) return;
        try {
            entry.opened.join().close();
        } catch (final Exception exc) {
            LOG.warn("The model {} was not closed properly.", entry.key.choice(), exc);
        }
    }
}
