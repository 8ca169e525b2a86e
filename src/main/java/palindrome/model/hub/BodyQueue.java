package palindrome.model.hub;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer, taken piece by piece by a thread that never waits
 * longer than it wants to: a stream would block it until the server speaks, and
 * neither Esc nor a stalled connection would be noticed.
 */
final class BodyQueue implements HttpResponse.BodySubscriber<BodyQueue>, AutoCloseable {

    /** What comes from the network: bytes, or the end with or without a failure. */
    private record Event(List<ByteBuffer> bytes, Throwable failure) {

        static final Event END = new Event(null, null);
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private Flow.Subscription subscription;
    private boolean closed;

    @Override
    public CompletionStage<BodyQueue> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public synchronized void onSubscribe(final Flow.Subscription source) {
        if (closed || subscription != null) {
            source.cancel();
            return;
        }
        subscription = source;
        // NB: one piece on its way at a time, or a fast network would fill the memory of a slow disk
        source.request(1);
    }

    @Override
    public void onNext(final List<ByteBuffer> bytes) {
        events.add(new Event(bytes, null));
    }

    @Override
    public void onError(final Throwable failure) {
        events.add(new Event(null, failure));
    }

    @Override
    public void onComplete() {
        events.add(Event.END);
    }

    /**
     * Waits for the next piece.
     *
     * @param patience milliseconds
     * @return the piece; an empty list at the end; nothing if none came in time
     * @throws IOException if the connection broke
     */
    Optional<List<ByteBuffer>> poll(final long patience) throws IOException, InterruptedException {
        final Event event = events.poll(patience, TimeUnit.MILLISECONDS);
        if (event == null) return Optional.empty();
        if (event.failure() != null) throw new IOException(event.failure());
        if (event.bytes() == null) return Optional.of(List.of());
        synchronized (this) {
            if (subscription != null) subscription.request(1);
        }
        return Optional.of(event.bytes());
    }

    /** Breaks the connection if the body is not at its end. */
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) subscription.cancel();
    }
}
