package palindrome.model.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A hub on this computer with one repository: it speaks the protocol, keeps
 * large files on another "host" (port) that it redirects to, and misbehaves as it
 * is told.
 */
public final class HubServer implements AutoCloseable {

    /** What it does instead of answering well. */
    public interface Fault {

        void answer(HttpExchange exchange, byte[] content, String etag) throws IOException;
    }

    /** What it was asked. */
    public record Request(String method, String path, Map<String, String> headers, boolean hub) {}

    public static final String TOKEN = "hf_secretSECRETsecret";

    private final HttpServer hub = server();
    private final HttpServer storage = server();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Deque<Fault>> faults = new HashMap<>();
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final String id;

    private String commit = "0123456789abcdef0123456789abcdef01234567";
    private JsonElement card = new JsonObject();
    private JsonElement gated = new JsonPrimitive(false);
    private boolean listsBlobs = true;

    /** @param id of its repository */
    public HubServer(final String id) throws IOException {
        this.id = id;
        for (final HttpServer server : List.of(hub, storage)) {
            server.createContext("/", exchange -> {
                try (exchange) {
                    answer(exchange, server == hub);
                }
            });
            server.setExecutor(threads);
            server.start();
        }
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (final IOException exc) {
            throw new java.io.UncheckedIOException(exc);
        }
    }

    public HubServer file(final String path, final byte[] content) {
        files.put(path, content);
        return this;
    }

    public HubServer file(final String path, final String content) {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    /** All files of a folder, at their places. */
    public HubServer folder(final Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (final Path path : all.filter(Files::isRegularFile).toList())
                file(folder.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
        }
        return this;
    }

    public HubServer remove(final String path) {
        files.remove(path);
        return this;
    }

    public HubServer commit(final String sha) {
        commit = sha;
        return this;
    }

    public HubServer licence(final String licence) {
        final JsonObject json = new JsonObject();
        json.addProperty("license", licence);
        card = json;
        return this;
    }

    public HubServer gated() {
        gated = new JsonPrimitive("auto");
        return this;
    }

    /** As a mirror that knows names only. */
    public HubServer namesOnly() {
        listsBlobs = false;
        card = JsonNull.INSTANCE;
        return this;
    }

    /** The next answers for a path: of a file, or of the {@code api}. */
    public HubServer fault(final String path, final Fault... next) {
        faults.computeIfAbsent(path, key -> new ArrayDeque<>()).addAll(Arrays.asList(next));
        return this;
    }

    public String endpoint() {
        return "http://localhost:" + hub.getAddress().getPort();
    }

    public String storageHost() {
        return "localhost:" + storage.getAddress().getPort();
    }

    public byte[] content(final String path) {
        return files.get(path);
    }

    public String commit() {
        return commit;
    }

    public List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    /** Requests for a file at the host where the contents lie. */
    public List<Request> fetches(final String path) {
        return requests(path).stream().filter(request -> !request.hub()).toList();
    }

    /** Requests for a file, at the hub and where it redirects to. */
    public List<Request> requests(final String path) {
        return requests().stream()
                .filter(request ->
                        request.path().endsWith("/" + path) && request.method().equals("GET"))
                .toList();
    }

    /** The name of a file's content in the cache. */
    public String blob(final String path) {
        return isLarge(path) ? sha256(files.get(path)) : gitSha1(files.get(path));
    }

    @Override
    public void close() {
        end.countDown();
        hub.stop(0);
        storage.stop(0);
        threads.shutdownNow();
    }

    private void answer(final HttpExchange exchange, final boolean fromHub) throws IOException {
        final String path = exchange.getRequestURI().getPath();
        final Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
        requests.add(new Request(exchange.getRequestMethod(), path, headers, fromHub));
        if (path.startsWith("/api/models/")) api(exchange);
        else if (fromHub) resolve(exchange, path);
        else
            content(
                    exchange,
                    path.substring(path.indexOf('/', 1) + 1),
                    "\"storage-" + sha256(files.get(name(path))).substring(0, 16) + '"');
    }

    private static String name(final String path) {
        return path.substring(path.indexOf('/', 1) + 1);
    }

    private void api(final HttpExchange exchange) throws IOException {
        final Fault fault = next("api");
        if (fault != null) {
            fault.answer(exchange, new byte[0], "");
            return;
        }
        final String path = exchange.getRequestURI().getPath();
        final String before = "/api/models/" + id + "/revision/";
        if (!path.startsWith(before)) {
            refuse(exchange, 404, "RepoNotFound");
            return;
        }
        if (!List.of("main", "refs/pr/1", commit).contains(path.substring(before.length()))) {
            refuse(exchange, 404, "RevisionNotFound");
            return;
        }
        final byte[] json = listing().toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, json.length);
        exchange.getResponseBody().write(json);
    }

    private JsonObject listing() {
        final JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("sha", commit);
        json.add("gated", gated);
        json.add("cardData", card);
        final JsonArray siblings = new JsonArray();
        files.forEach((path, content) -> {
            final JsonObject sibling = new JsonObject();
            sibling.addProperty("rfilename", path);
            if (listsBlobs) {
                sibling.addProperty("size", content.length);
                sibling.addProperty("blobId", gitSha1(content));
                if (isLarge(path)) {
                    final JsonObject lfs = new JsonObject();
                    lfs.addProperty("sha256", sha256(content));
                    lfs.addProperty("size", content.length);
                    sibling.add("lfs", lfs);
                }
            }
            siblings.add(sibling);
        });
        json.add("siblings", siblings);
        return json;
    }

    private void resolve(final HttpExchange exchange, final String path) throws IOException {
        final String before = "/" + id + "/resolve/" + commit + "/";
        final String name = path.startsWith(before) ? path.substring(before.length()) : "";
        if (!files.containsKey(name)) {
            refuse(exchange, 404, "EntryNotFound");
            return;
        }
        final Headers headers = exchange.getResponseHeaders();
        headers.set("X-Repo-Commit", commit);
        if (!isLarge(name)) {
            content(exchange, name, '"' + gitSha1(files.get(name)) + '"');
            return;
        }
        headers.set("X-Linked-Etag", '"' + blob(name) + '"');
        headers.set("X-Linked-Size", "" + files.get(name).length);
        headers.set("Location", "http://" + storageHost() + "/signed/" + name);
        exchange.sendResponseHeaders(302, -1);
    }

    private void content(final HttpExchange exchange, final String name, final String etag) throws IOException {
        final byte[] content = files.get(name);
        final Fault fault = exchange.getRequestMethod().equals("GET") ? next(name) : null;
        if (fault != null) fault.answer(exchange, content, etag);
        else whole(exchange, content, etag);
    }

    private Fault next(final String path) {
        synchronized (faults) {
            final Deque<Fault> queue = faults.get(path);
            return queue == null ? null : queue.poll();
        }
    }

    /** What a good server does, ranges and all. */
    public static void whole(final HttpExchange exchange, final byte[] content, final String etag) throws IOException {
        final int from = from(exchange, etag);
        exchange.getResponseHeaders().set("ETag", etag);
        if (from > 0 && from >= content.length) {
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        if (from > 0)
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        final boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) exchange.getResponseHeaders().set("Content-Length", "" + content.length);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, head || content.length == 0 ? -1 : content.length - from);
        if (!head) exchange.getResponseBody().write(content, from, content.length - from);
    }

    /** First byte that is wanted; 0 if the content is not the one of the If-Range. */
    static int from(final HttpExchange exchange, final String etag) {
        final String range = exchange.getRequestHeaders().getFirst("Range");
        final String condition = exchange.getRequestHeaders().getFirst("If-Range");
        if (range == null || condition != null && !condition.equals(etag)) return 0;
        return Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }

    /** Sends some more bytes of what was wanted, and breaks the connection. */
    public static Fault breakAfter(final int bytes) {
        return (exchange, content, etag) -> begin(exchange, content, etag, bytes);
    }

    /** Sends some more bytes of what was wanted, and falls silent. */
    public Fault stallAfter(final int bytes) {
        return (exchange, content, etag) -> {
            begin(exchange, content, etag, bytes);
            exchange.getResponseBody().flush();
            await();
        };
    }

    /** Never even answers. */
    public Fault silence() {
        return (exchange, content, etag) -> await();
    }

    private void await() {
        try {
            end.await(20, TimeUnit.SECONDS);
        } catch (final InterruptedException exc) {
            Thread.currentThread().interrupt();
        }
    }

    private static void begin(final HttpExchange exchange, final byte[] content, final String etag, final int bytes)
            throws IOException {
        final int from = from(exchange, etag);
        exchange.getResponseHeaders().set("ETag", etag);
        if (from > 0)
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        final OutputStream out = exchange.getResponseBody();
        out.write(content, from, Math.min(bytes, content.length - from));
        out.flush();
    }

    /** Says that the content is shorter than it is, and sends no more. */
    public static Fault truncated(final int bytes) {
        return (exchange, content, etag) -> {
            exchange.getResponseHeaders().set("ETag", etag);
            exchange.sendResponseHeaders(200, bytes);
            exchange.getResponseBody().write(content, 0, bytes);
        };
    }

    /** Flips a bit. */
    public static Fault corrupt() {
        return (exchange, content, etag) -> {
            final byte[] bad = content.clone();
            bad[bad.length / 2] ^= 4;
            whole(exchange, bad, etag);
        };
    }

    /** Other content of the same length, under a tag of its own. */
    public static Fault other() {
        return (exchange, content, etag) -> {
            final byte[] bad = new byte[content.length];
            Arrays.fill(bad, (byte) 7);
            whole(exchange, bad, "\"another\"");
        };
    }

    /** Knows nothing of ranges. */
    public static Fault ignoreRange() {
        return (exchange, content, etag) -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        };
    }

    /** The right status, but bytes from another place. */
    public static Fault wrongRange() {
        return (exchange, content, etag) -> {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes 1-" + (content.length - 1) + "/" + content.length);
            exchange.sendResponseHeaders(206, content.length - 1);
            exchange.getResponseBody().write(content, 1, content.length - 1);
        };
    }

    /** More bytes than the file has. */
    public static Fault tooLong() {
        return (exchange, content, etag) -> {
            exchange.sendResponseHeaders(200, content.length + 10L);
            exchange.getResponseBody().write(content);
            exchange.getResponseBody().write(new byte[10]);
        };
    }

    /** A status and headers, name and value alternating. */
    public static Fault status(final int status, final String... headers) {
        return (exchange, content, etag) -> {
            for (int i = 0; i < headers.length; i += 2)
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            exchange.sendResponseHeaders(status, -1);
        };
    }

    private static void refuse(final HttpExchange exchange, final int status, final String code) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        exchange.sendResponseHeaders(status, -1);
    }

    private static boolean isLarge(final String path) {
        return path.endsWith(".safetensors") || path.endsWith(".bin");
    }

    static String sha256(final byte[] content) {
        return hex("SHA-256", content);
    }

    static String gitSha1(final byte[] content) {
        final byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        final byte[] all = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return hex("SHA-1", all);
    }

    private static String hex(final String algorithm, final byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (final NoSuchAlgorithmException exc) {
            throw new AssertionError(exc);
        }
    }

    /** The environment of a user of this hub. */
    public Map<String, String> environment(final Path home) {
        return Map.of(
                "HF_ENDPOINT", endpoint(),
                "HF_HOME", home.resolve("huggingface").toString(),
                "XDG_CONFIG_HOME", home.resolve("config").toString(),
                "HF_TOKEN", TOKEN);
    }
}
