package palindrome.model.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository of the hub as users write it: {@code owner/name} or
 * {@code owner/name@revision}. Nothing that passes here can lead out of the
 * cache's folder.
 *
 * @param owner user or organisation
 * @param name the repository's own name
 * @param revision branch, tag, pull request or commit; {@code main} if none was
 *          written
 */
public record RepoId(String owner, String name, String revision) {

    /** The revision that is meant where none is written. */
    public static final String MAIN = "main";

    private static final Pattern GRAMMAR = Pattern.compile("([^/@\\s]+)/([^/@\\s]+)(?:@(\\S+))?");
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?");
    private static final Pattern REVISION =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*(/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*");
    private static final Pattern FOLDER = Pattern.compile("models--(.+?)--(.+)");

    /**
     * @throws IllegalArgumentException if a part is no legal name; says which
     */
    public RepoId {
        requirePart(owner);
        requirePart(name);
        if (!REVISION.matcher(revision).matches() || revision.contains("..") || revision.length() > 255)
            throw new IllegalArgumentException(
                    "'" + revision + "' is no revision: write a branch, tag or commit, as in owner/name@main.");
    }

    /**
     * @param text what the user wrote
     * @return the repository, or empty if the text has another form, such as that of a path
     */
    public static Optional<RepoId> find(final String text) {
        final Matcher matcher = GRAMMAR.matcher(text.strip());
        if (!matcher.matches()) return Optional.empty();
        try {
            return Optional.of(of(matcher));
        } catch (final IllegalArgumentException exc) {
            // as in ../models: a path
            return Optional.empty();
        }
    }

    /**
     * @param text what the user wrote
     * @return the repository
     * @throws IllegalArgumentException if it is none; says what one looks like
     */
    public static RepoId parse(final String text) {
        final Matcher matcher = GRAMMAR.matcher(text.strip());
        if (!matcher.matches())
            throw new IllegalArgumentException("'" + text.strip()
                    + "' is no model of the hub: write owner/name or owner/name@revision, as in its web address.");
        return of(matcher);
    }

    /** The repository of a folder of the cache, or empty if it holds none that has an owner. */
    static Optional<RepoId> ofFolder(final String folder) {
        final Matcher matcher = FOLDER.matcher(folder);
        if (!matcher.matches()) return Optional.empty();
        try {
            return Optional.of(new RepoId(matcher.group(1), matcher.group(2), MAIN));
        } catch (final IllegalArgumentException exc) {
            return Optional.empty();
        }
    }

    private static RepoId of(final Matcher matcher) {
        return new RepoId(matcher.group(1), matcher.group(2), matcher.group(3) == null ? MAIN : matcher.group(3));
    }

    /** @return {@code owner/name} */
    public String id() {
        return owner + "/" + name;
    }

    /** @return the same repository at another revision */
    public RepoId at(final String other) {
        return new RepoId(owner, name, other);
    }

    /** @return name of its folder in the cache */
    String folderName() {
        return "models--" + owner + "--" + name;
    }

    /** @return as users write it */
    @Override
    public String toString() {
        return revision.equals(MAIN) ? id() : id() + "@" + revision;
    }

    private static void requirePart(final String part) {
        if (!PART.matcher(part).matches() || part.contains("--") || part.contains("..") || part.endsWith(".git"))
            throw new IllegalArgumentException("'" + part
                    + "' is no name of the hub: it may have letters, digits, and single - _ . between them.");
    }
}
