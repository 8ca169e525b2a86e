package palindrome.model.hub;

import java.util.regex.Pattern;

/**
 * One file of a repository at one commit.
 *
 * @param path its place in the repository, with {@code /} between folders
 * @param bytes its size, or -1 if the listing does not say
 * @param blob its name in the cache: a hash of its content, or on some mirrors
 *          another tag of it; empty if the listing does not say
 */
record RepoFile(String path, long bytes, String blob) {

    static final long UNKNOWN = -1;

    private static final Pattern SEGMENT = Pattern.compile("[^/\\\\:*?\"<>|\\p{Cntrl}]+");
    private static final Pattern BLOB = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

    /** @throws IllegalArgumentException if a name would lead out of the folder it belongs in */
    RepoFile {
        for (final String segment : path.split("/", -1))
            if (segment.equals(".")
                    || segment.equals("..")
                    || !SEGMENT.matcher(segment).matches())
                throw new IllegalArgumentException("'" + path + "' is no file name");
        if (bytes < UNKNOWN) throw new IllegalArgumentException(path + " has the size " + bytes);
        if (!blob.isEmpty() && !BLOB.matcher(blob).matches())
            throw new IllegalArgumentException(path + " has the tag '" + blob + "'");
    }

    boolean isIdentified() {
        return bytes != UNKNOWN && !blob.isEmpty();
    }
}
