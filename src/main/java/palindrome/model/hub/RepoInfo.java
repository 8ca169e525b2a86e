package palindrome.model.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import palindrome.model.ModelException;
import palindrome.model.StrictJson;

/**
 * What the hub says about a repository at one revision.
 *
 * @param repo as the user asked for it
 * @param commit the commit the revision stood for when it was asked, 40
 *          hexadecimal digits
 * @param licence as the model's card has it, or empty if the hub does not say
 * @param gated whether downloads need the authors' consent
 * @param files all files of the commit
 */
record RepoInfo(RepoId repo, String commit, Optional<String> licence, boolean gated, List<RepoFile> files) {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final String OTHER = "other";

    /**
     * @param repo what was asked for
     * @param endpoint who answered, for messages
     * @param answer the JSON of {@code /api/models/.../revision/...?blobs=true}
     * @throws HubException if it is no such answer, or names files that no folder could hold
     */
    static RepoInfo parse(final RepoId repo, final URI endpoint, final byte[] answer) throws HubException {
        try {
            final JsonObject json = StrictJson.parse("the answer", ByteBuffer.wrap(answer));
            final String commit = text(json, "sha").orElse("");
            if (!COMMIT.matcher(commit).matches()) throw new IllegalArgumentException("the commit is '" + commit + "'");
            final List<RepoFile> files = new ArrayList<>();
            if (!(json.get("siblings") instanceof JsonArray siblings))
                throw new IllegalArgumentException("it lists no files");
            for (final JsonElement sibling : siblings) files.add(file(sibling.getAsJsonObject()));
            return new RepoInfo(repo, commit, licence(json), isGated(json.get("gated")), List.copyOf(files));
        } catch (final ModelException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException exc) {
            throw new HubException(
                    "What " + endpoint.getHost() + " says about " + repo + " makes no sense (" + exc.getMessage()
                            + "): it may be no hub of models, or a network that asks you to log in first.",
                    exc);
        }
    }

    Optional<RepoFile> file(final String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }

    Set<String> paths() {
        return files.stream().map(RepoFile::path).collect(Collectors.toSet());
    }

    private static RepoFile file(final JsonObject sibling) {
        final String path = text(sibling, "rfilename").orElse("");
        return sibling.get("lfs") instanceof JsonObject lfs && lfs.has("sha256")
                ? new RepoFile(path, bytes(lfs), text(lfs, "sha256").orElse(""))
                : new RepoFile(path, bytes(sibling), text(sibling, "blobId").orElse(""));
    }

    private static long bytes(final JsonObject json) {
        return json.has("size") ? json.get("size").getAsLong() : RepoFile.UNKNOWN;
    }

    /** {@code license}, or where that is "other", the name the authors gave it. */
    private static Optional<String> licence(final JsonObject json) {
        if (!(json.get("cardData") instanceof JsonObject card)) return Optional.empty();
        final Optional<String> licence = text(card, "license");
        return licence.filter(OTHER::equals).isPresent()
                ? text(card, "license_name").or(() -> licence)
                : licence;
    }

    /** False, or the way the authors decide: "auto" or "manual". */
    private static boolean isGated(final JsonElement gated) {
        return gated != null
                && gated.isJsonPrimitive()
                && !(gated.getAsJsonPrimitive().isBoolean() && !gated.getAsBoolean());
    }

    private static Optional<String> text(final JsonObject json, final String key) {
        return Optional.ofNullable(json.get(key))
                .filter(value ->
                        value.isJsonPrimitive() && value.getAsJsonPrimitive().isString())
                .map(JsonElement::getAsString)
                .filter(value -> !value.isBlank());
    }
}
