package palindrome.model.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

/**
 * An answer whose body is still coming. Closing it breaks the connection.
 */
final class HubResponse implements AutoCloseable {

    private static final long SLICE_MS = 100;

    private final HttpHeaders hubHeaders;
    private final HttpResponse<BodyQueue> response;
    private final HubTiming timing;
    private final HubProgress progress;

    /**
     * @param hubHeaders of the hub's own answer, which may have been a redirection
     *          to where the content lies
     * @param response what came from there
     */
    HubResponse(
            final HttpHeaders hubHeaders,
            final HttpResponse<BodyQueue> response,
            final HubTiming timing,
            final HubProgress progress) {
        this.hubHeaders = hubHeaders;
        this.response = response;
        this.timing = timing;
        this.progress = progress;
    }

    int status() {
        return response.statusCode();
    }

    URI uri() {
        return response.uri();
    }

    /** A header of the final answer. */
    Optional<String> header(final String name) {
        return response.headers().firstValue(name);
    }

    /** A header of the hub's own answer. */
    Optional<String> hubHeader(final String name) {
        return hubHeaders.firstValue(name);
    }

    /** The size of the whole file: from the hub, or where it answered itself, of the body. */
    OptionalLong linkedSize() {
        final Optional<String> size = hubHeader("X-Linked-Size").or(() -> header("Content-Length"));
        return size.filter(text -> text.matches("\\d{1,18}")).map(Long::parseLong).stream()
                .mapToLong(Long::longValue)
                .findFirst();
    }

    /** The file's tag on the hub, which is its name in the cache. */
    Optional<String> linkedEtag() {
        return hubHeader("X-Linked-Etag").or(() -> hubHeader("ETag")).map(HubResponse::bare);
    }

    /** What tells whether the content changed between two requests for parts of it; empty if nothing does so surely. */
    Optional<String> validator() {
        return header("ETag").filter(tag -> !tag.startsWith("W/"));
    }

    /** A tag without quotes and without the mark of a weak one. */
    static String bare(final String etag) {
        return etag.replaceFirst("^W/", "").replace("\"", "");
    }

    /**
     * @return the next bytes, or an empty list at the end
     * @throws TransientException if the connection broke or the server fell silent
     * @throws CancellationException if the user canceled
     */
    List<ByteBuffer> next() throws IOException {
        final long end = System.nanoTime() + timing.stall().toNanos();
        try {
            while (System.nanoTime() < end) {
                progress.checkCanceled();
                final Optional<List<ByteBuffer>> bytes = response.body().poll(SLICE_MS);
                if (bytes.isPresent()) return bytes.get();
            }
        } catch (final InterruptedException exc) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The download was interrupted.");
        } catch (final CancellationException exc) {
            throw exc;
        } catch (final IOException exc) {
            throw new TransientException("The connection to " + uri().getHost() + " broke.", exc);
        }
        throw new TransientException(
                uri().getHost() + " sent nothing for " + timing.stall().toSeconds() + " s.", Optional.empty());
    }

    /**
     * @param limit most bytes that make sense
     * @return the whole body
     * @throws HubException if it is larger
     */
    byte[] bytes(final int limit) throws IOException {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (List<ByteBuffer> next = next(); !next.isEmpty(); next = next())
            for (final ByteBuffer piece : next) {
                if (all.size() + piece.remaining() > limit)
                    throw new HubException(
                            uri() + " sends more than " + limit + " bytes, so it is not what was asked for.");
                final byte[] copy = new byte[piece.remaining()];
                piece.get(copy);
                all.write(copy);
            }
        return all.toByteArray();
    }

    @Override
    public void close() {
        response.body().close();
    }
}
