package palindrome.model.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The hub's protocol: what a repository holds
 * ({@code /api/models/OWNER/NAME/revision/REVISION?blobs=true}), and its files
 * ({@code /OWNER/NAME/resolve/COMMIT/PATH}, which may redirect to another host).
 */
final class HubClient {

    private static final int MAX_LISTING = 32 << 20;
    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final Set<Integer> LATER = Set.of(408, 429, 500, 502, 503, 504);

    private final URI endpoint;
    private final HubTransport transport;
    private final HubTiming timing;
    private final HubProgress progress;

    /**
     * @param environment where the hub is and who the user is
     * @param timing how patient to be
     * @param progress asked whether to go on
     * @throws HubException if the environment is wrong, or forbids the network
     * @throws IOException if the token cannot be read
     */
    HubClient(final HubEnvironment environment, final HubTiming timing, final HubProgress progress) throws IOException {
        if (environment.offline())
            throw new HubException("HF_HUB_OFFLINE is set, so nothing is downloaded: unset it and start ImageJ again.");
        endpoint = environment.endpoint();
        transport = new HubTransport(endpoint, environment.token(), timing);
        this.timing = timing;
        this.progress = progress;
    }

    URI endpoint() {
        return endpoint;
    }

    HubTiming timing() {
        return timing;
    }

    /** @return what the hub says about a repository now */
    RepoInfo info(final RepoId repo) throws IOException {
        final URI uri = URI.create(
                endpoint + "/api/models/" + repo.id() + "/revision/" + encode(repo.revision()) + "?blobs=true");
        return retries().run(() -> {
            try (HubResponse response = transport.send("GET", uri, Map.of("Accept", "application/json"), progress)) {
                if (response.status() != OK) throw refusal(repo, "", response);
                return RepoInfo.parse(repo, endpoint, response.bytes(MAX_LISTING));
            }
        });
    }

    /** @return the file with its size and tag, asked for if the listing lacked them */
    RepoFile identified(final RepoInfo info, final RepoFile file) throws IOException {
        if (file.isIdentified()) return file;
        final URI uri = address(info, file);
        return retries().run(() -> {
            try (HubResponse response = transport.send("HEAD", uri, Map.of(), progress)) {
                if (response.status() >= 400) throw refusal(info.repo(), file.path(), response);
                final OptionalLong bytes = response.linkedSize();
                final Optional<String> tag = response.linkedEtag();
                if (bytes.isEmpty() || tag.isEmpty())
                    throw new HubException(endpoint.getHost() + " does not say how large " + file.path()
                            + " is, so it could not be checked: nothing was downloaded.");
                return new RepoFile(file.path(), bytes.getAsLong(), tag.get());
            } catch (final IllegalArgumentException exc) {
                throw new HubException(
                        endpoint.getHost() + " says that " + exc.getMessage() + ": nothing was downloaded.", exc);
            }
        });
    }

    /** @return a small file, checked; nothing of it is kept on disk */
    byte[] small(final RepoInfo info, final RepoFile file, final int limit) throws IOException {
        final RepoFile known = identified(info, file);
        return retries().run(() -> {
            try (HubResponse response = open(info, known, 0, Optional.empty())) {
                final byte[] bytes = response.bytes(limit);
                if (bytes.length < known.bytes())
                    throw new TransientException(file.path() + " came only in part.", Optional.empty());
                final Optional<ContentHash> hash = ContentHash.of(known.blob(), bytes.length);
                hash.ifPresent(one -> one.update(ByteBuffer.wrap(bytes)));
                if (bytes.length != known.bytes()
                        || hash.isPresent() && !hash.get().matches()) throw damaged(file);
                return bytes;
            }
        });
    }

    /**
     * Begins to download a file.
     *
     * @param from first byte that is wanted
     * @param validator tag of the content whose first bytes are here already
     * @return the answer, whose status is 200 for the whole, 206 for the rest, or
     *         416 if there is no such rest
     */
    HubResponse open(final RepoInfo info, final RepoFile file, final long from, final Optional<String> validator)
            throws IOException {
        final Map<String, String> headers = from == 0
                ? Map.of()
                : validator
                        .map(tag -> Map.of("Range", "bytes=" + from + "-", "If-Range", tag))
                        .orElseGet(() -> Map.of("Range", "bytes=" + from + "-"));
        final HubResponse response = transport.send("GET", address(info, file), headers, progress);
        try {
            if (response.status() != OK && response.status() != PARTIAL && !(from > 0 && response.status() == 416))
                throw refusal(info.repo(), file.path(), response);
            requireSame(file, response);
            return response;
        } catch (final IOException exc) {
            response.close();
            throw exc;
        }
    }

    static HubException damaged(final RepoFile file) {
        return new HubException(
                file.path()
                        + " came through damaged twice: its content is not what the hub says it is. Try again, or over another network.");
    }

    private Retries retries() {
        return new Retries(timing, progress);
    }

    private URI address(final RepoInfo info, final RepoFile file) {
        final StringBuilder path = new StringBuilder();
        for (final String segment : file.path().split("/")) path.append('/').append(encode(segment));
        return URI.create(endpoint + "/" + info.repo().id() + "/resolve/" + info.commit() + path);
    }

    private static String encode(final String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A commit never changes; a server that says otherwise is not to be trusted with half of a file. */
    private static void requireSame(final RepoFile file, final HubResponse response) throws HubException {
        final Optional<String> tag = response.linkedEtag();
        final boolean comparable =
                tag.isPresent() && tag.get().length() == file.blob().length();
        if (comparable && !tag.get().equals(file.blob()))
            throw new HubException(file.path() + " changed on " + response.uri().getHost()
                    + " while it was downloaded: download the model again.");
    }

    private HubException refusal(final RepoId repo, final String path, final HubResponse response) {
        final String host = response.uri().getHost();
        final int status = response.status();
        final String code = response.header("X-Error-Code").orElse("");
        if (LATER.contains(status))
            return new TransientException(
                    status == 429
                            ? host + " has had too many requests from this address (429)."
                            : host + " is out of order at the moment (" + status + ").",
                    retryAfter(response));
        if (!host.equalsIgnoreCase(endpoint.getHost()) && status == 403)
            return new TransientException(host + " refused an address it had given out (403).", Optional.empty());
        return switch (code) {
            case "GatedRepo" ->
                new HubException(repo.id() + " is gated: agree to its conditions at " + endpoint + "/" + repo.id()
                        + " in a browser, and " + loginAdvice());
            case "RevisionNotFound" ->
                new HubException(repo.id() + " has no revision '" + repo.revision() + "': look for it at " + endpoint
                        + "/" + repo.id() + "/tree/main.");
            case "EntryNotFound" ->
                new HubException(repo + " has no file " + path + ": it is not complete on " + host + ".");
            default -> refusal(repo, host, status, code);
        };
    }

    private HubException refusal(final RepoId repo, final String host, final int status, final String code) {
        // NB: the hub says 401 as well for what does not exist, so that nobody can find out private names
        if (code.equals("RepoNotFound") || status == 401 && !transport.hasToken())
            return new HubException("There is no model " + repo.id() + " on " + host
                    + " that you may see: check the name, and if it is private, " + loginAdvice());
        return switch (status) {
            case 401 ->
                new HubException(
                        host
                                + " refused your token (401): make a new one, and put it into HF_TOKEN or log in again with 'hf auth login'.");
            case 403 -> new HubException("You may not download " + repo.id() + " (403): " + loginAdvice());
            case 404 -> new HubException("There is no model " + repo + " on " + host + " (404): check the name.");
            default -> new HubException(host + " answered " + status + " for " + repo + ": try again later.");
        };
    }

    private String loginAdvice() {
        return transport.hasToken()
                ? "make sure that your token is of the account that may, with the right to read."
                : "give your access token: set HF_TOKEN, or log in with 'hf auth login'.";
    }

    private static Optional<Duration> retryAfter(final HubResponse response) {
        return response.header("Retry-After").flatMap(text -> {
            if (text.strip().matches("\\d{1,9}")) return Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())));
            try {
                final Duration pause = Duration.between(
                        Instant.now(),
                        ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
                return Optional.of(pause.isNegative() ? Duration.ZERO : pause);
            } catch (final DateTimeException exc) {
                // what is no time does not count
                return Optional.empty();
            }
        });
    }
}
