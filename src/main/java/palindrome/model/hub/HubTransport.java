package palindrome.model.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Requests to the hub, redirections followed by hand: the token goes to the
 * hub's own address and to no other, encrypted content stays encrypted, and
 * what the hub itself said is kept. Proxies are those of this Java.
 */
final class HubTransport {

    private static final int MAX_REDIRECTIONS = 8;
    private static final long SLICE_MS = 100;
    private static final Set<Integer> REDIRECTIONS = Set.of(301, 302, 303, 307, 308);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI endpoint;
    private final Optional<HubToken> token;
    private final HubTiming timing;
    private final HttpClient client;

    HubTransport(final URI endpoint, final Optional<HubToken> token, final HubTiming timing) {
        this.endpoint = endpoint;
        this.token = token;
        this.timing = timing;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timing.stall())
                .build();
    }

    /** Whether requests to the hub carry a token. */
    boolean hasToken() {
        return token.isPresent();
    }

    /**
     * @param method {@code GET} or {@code HEAD}; a HEAD stops where the hub sends it to another address
     * @param uri an address of the hub
     * @param headers more headers
     * @param progress asked whether to go on, several times a second
     * @return the answer, whatever its status, which the caller closes
     * @throws TransientException if nobody answers
     * @throws HubException if a redirection leads astray
     */
    HubResponse send(final String method, final URI uri, final Map<String, String> headers, final HubProgress progress)
            throws IOException {
        URI at = uri;
        HttpHeaders hubHeaders = null;
        for (int i = 0; i <= MAX_REDIRECTIONS; i++) {
            final HttpResponse<BodyQueue> response = exchange(request(method, at, headers), progress);
            if (isHub(at)) hubHeaders = response.headers();
            final Optional<URI> next = redirection(at, response);
            if (next.isEmpty() || method.equals("HEAD") && !isHub(next.get()))
                return new HubResponse(hubHeaders, response, timing, progress);
            response.body().close();
            at = next.get();
        }
        throw new HubException(uri.getHost() + " redirects " + uri + " again and again.");
    }

    private HttpRequest request(final String method, final URI uri, final Map<String, String> headers) {
        final HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                // sizes and ranges are those of the file itself
                .setHeader("Accept-Encoding", "identity")
                .setHeader("User-Agent", "palindrome-imaging");
        headers.forEach(request::setHeader);
        if (isHub(uri) && isPrivate(uri)) token.ifPresent(secret -> secret.authorize(request));
        return request.build();
    }

    private HttpResponse<BodyQueue> exchange(final HttpRequest request, final HubProgress progress) throws IOException {
        final CompletableFuture<HttpResponse<BodyQueue>> answer = client.sendAsync(request, info -> new BodyQueue());
        final long end = System.nanoTime() + timing.stall().toNanos();
        boolean taken = false;
        try {
            while (System.nanoTime() < end) {
                progress.checkCanceled();
                try {
                    final HttpResponse<BodyQueue> response = answer.get(SLICE_MS, TimeUnit.MILLISECONDS);
                    taken = true;
                    return response;
                } catch (final TimeoutException exc) {
                    // ask again whether to go on
                }
            }
            throw new TransientException(
                    request.uri().getHost() + " did not answer within "
                            + timing.stall().toSeconds() + " s.",
                    Optional.empty());
        } catch (final ExecutionException exc) {
            throw failure(request.uri(), exc.getCause());
        } catch (final InterruptedException exc) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The download was interrupted.");
        } finally {
            if (!taken) abandon(answer);
        }
    }

    /** Ends an exchange that nobody waits for, also if its answer comes just now. */
    private static void abandon(final CompletableFuture<HttpResponse<BodyQueue>> answer) {
        answer.cancel(true);
        answer.thenAccept(late -> late.body().close());
    }

    private static HubException failure(final URI uri, final Throwable cause) {
        if (cause instanceof SSLHandshakeException)
            return new HubException(
                    "No safe connection to " + uri.getHost() + ": its certificate was refused (" + cause.getMessage()
                            + ").",
                    cause);
        if (cause instanceof ConnectException)
            return new TransientException(
                    "No connection to " + uri.getHost() + ": check the network, the proxy of Java, and HF_ENDPOINT.",
                    cause);
        return new TransientException("The connection to " + uri.getHost() + " broke.", cause);
    }

    private Optional<URI> redirection(final URI from, final HttpResponse<BodyQueue> response) throws HubException {
        if (!REDIRECTIONS.contains(response.statusCode())) return Optional.empty();
        final Optional<String> location = response.headers().firstValue("Location");
        if (location.isEmpty()) return Optional.empty();
        final URI to;
        try {
            to = from.resolve(location.get());
        } catch (final IllegalArgumentException exc) {
            throw new HubException(
                    from.getHost() + " redirects to '" + location.get() + "', which is no address.", exc);
        }
        final boolean web = to.getHost() != null && Set.of("http", "https").contains(scheme(to));
        if (!web || scheme(from).equals("https") && !scheme(to).equals("https"))
            throw new HubException(from.getHost() + " redirects to " + scheme(to) + "://" + to.getHost()
                    + ", which is not safe: nothing was downloaded.");
        return Optional.of(to);
    }

    /** Same scheme, host and port as the endpoint. */
    private boolean isHub(final URI uri) {
        return scheme(uri).equals(scheme(endpoint))
                && uri.getHost().equalsIgnoreCase(endpoint.getHost())
                && port(uri) == port(endpoint);
    }

    /** Whether nobody on the way can read what is sent. */
    private static boolean isPrivate(final URI uri) {
        return scheme(uri).equals("https") || LOOPBACK.contains(uri.getHost().toLowerCase(Locale.ROOT));
    }

    private static String scheme(final URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }

    private static int port(final URI uri) {
        if (uri.getPort() >= 0) return uri.getPort();
        return scheme(uri).equals("https") ? 443 : 80;
    }
}
