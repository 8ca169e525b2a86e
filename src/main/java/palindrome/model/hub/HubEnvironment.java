package palindrome.model.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import palindrome.model.ConfigurationFolder;

/**
 * What the environment says about the hub, under the names and rules of Hugging
 * Face's own programs, so that both find the same models.
 */
public final class HubEnvironment {

    private static final URI HUB = URI.create("https://huggingface.co");
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");

    private final Map<String, String> variables;
    private final Path home;

    /**
     * @param variables the environment variables
     * @param home the user's home, where the variables name none
     */
    HubEnvironment(final Map<String, String> variables, final Path home) {
        this.variables = Map.copyOf(variables);
        this.home = home;
    }

    /** @return that of this process */
    public static HubEnvironment ofProcess() {
        return new HubEnvironment(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** @return the folder of the cache, which need not exist: {@code ~/.cache/huggingface/hub} unless it was moved */
    public Path cache() {
        return path("HF_HUB_CACHE").or(() -> path("HUGGINGFACE_HUB_CACHE")).orElseGet(() -> hubHome()
                .resolve("hub"));
    }

    /** @return where Palindrome keeps what it has to remember for this user; need not exist */
    public Path configuration() {
        return ConfigurationFolder.of(variables, home);
    }

    /**
     * @return the hub's address, without a slash at its end
     * @throws HubException if {@code HF_ENDPOINT} is no web address
     */
    public URI endpoint() throws HubException {
        final Optional<String> given = value("HF_ENDPOINT");
        if (given.isEmpty()) return HUB;
        final String text = given.get().replaceAll("/+$", "");
        try {
            final URI uri = new URI(text);
            final String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (Set.of("http", "https").contains(scheme)
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null) return uri;
        } catch (final URISyntaxException exc) {
            throw notAnEndpoint(text, exc);
        }
        throw notAnEndpoint(text, null);
    }

    /** @return whether the user has forbidden the network */
    public boolean offline() {
        return isTrue("HF_HUB_OFFLINE") || isTrue("TRANSFORMERS_OFFLINE");
    }

    /**
     * @return the user's token, from the environment or from the file that logging
     *         in leaves
     * @throws IOException if there is one that cannot be read
     */
    Optional<HubToken> token() throws IOException {
        if (isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")) return Optional.empty();
        for (final String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
            final Optional<String> given = value(name);
            if (given.isPresent()) return HubToken.of(name, given.get());
        }
        final Path file = path("HF_TOKEN_PATH").orElseGet(() -> hubHome().resolve("token"));
        try {
            return HubToken.of(file.toString(), Files.readString(file));
        } catch (final NoSuchFileException exc) {
            return Optional.empty();
        }
    }

    private Path hubHome() {
        return path("HF_HOME").orElseGet(() -> path("XDG_CACHE_HOME")
                .orElseGet(() -> userHome().resolve(".cache"))
                .resolve("huggingface"));
    }

    /** NB: Python asks the environment first, and the two must agree. */
    private Path userHome() {
        return value("HOME").or(() -> value("USERPROFILE")).map(Path::of).orElse(home);
    }

    private Optional<Path> path(final String name) {
        return value(name).map(text -> {
            final boolean inHome = text.equals("~") || text.startsWith("~/") || text.startsWith("~\\");
            final String plain = expand(inHome ? text.substring(1).replaceFirst("^[/\\\\]+", "") : text);
            return inHome ? userHome().resolve(plain) : Path.of(plain);
        });
    }

    /** Variables inside a path; one that is not set stays as it is written. */
    private String expand(final String text) {
        return VARIABLE.matcher(text).replaceAll(match -> {
            final String name = match.group(1) == null ? match.group(2) : match.group(1);
            return Matcher.quoteReplacement(variables.getOrDefault(name, match.group()));
        });
    }

    private boolean isTrue(final String name) {
        return value(name)
                .map(text -> TRUE.contains(text.toUpperCase(Locale.ROOT)))
                .orElse(false);
    }

    private Optional<String> value(final String name) {
        return Optional.ofNullable(variables.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static HubException notAnEndpoint(final String text, final Throwable cause) {
        return new HubException(
                "HF_ENDPOINT is '" + text
                        + "', which is no web address: write one as https://huggingface.co, or unset it.",
                cause);
    }
}
