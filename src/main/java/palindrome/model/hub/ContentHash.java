package palindrome.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hash that a blob of the cache is named by: SHA-256 of the content for large
 * files, git's SHA-1 of {@code blob SIZE\0} and the content for the others.
 */
final class ContentHash {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern GIT_SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final int BUFFER = 1 << 20;

    private final String name;
    private final String expected;
    private final MessageDigest digest;

    private ContentHash(final String name, final String algorithm, final String expected) {
        this.name = name;
        this.expected = expected;
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (final NoSuchAlgorithmException exc) {
            throw new IllegalStateException("Every Java has " + algorithm + ".", exc);
        }
    }

    /**
     * @param blob the blob's name
     * @param bytes its size
     * @return the hash to compute, or empty if the name is none, as on some mirrors
     */
    static Optional<ContentHash> of(final String blob, final long bytes) {
        if (SHA256.matcher(blob).matches()) return Optional.of(new ContentHash("SHA-256", "SHA-256", blob));
        if (!GIT_SHA1.matcher(blob).matches()) return Optional.empty();
        final ContentHash hash = new ContentHash("git SHA-1", "SHA-1", blob);
        hash.digest.update(("blob " + bytes + "\0").getBytes(StandardCharsets.US_ASCII));
        return Optional.of(hash);
    }

    /** @return what the hash is called */
    String name() {
        return name;
    }

    /** Takes the next bytes of the content, and leaves the buffer as it was. */
    void update(final ByteBuffer bytes) {
        digest.update(bytes.duplicate());
    }

    /** Takes the whole of a file, whose size is the {@code total} of the reports. */
    void update(final Path file, final HubProgress progress) throws IOException {
        final long total = Math.max(1, Files.size(file));
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] buffer = new byte[BUFFER];
            long done = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                progress.checkCanceled();
                digest.update(buffer, 0, n);
                done += n;
                progress.bytes(Math.min(done, total), total);
            }
        }
    }

    /** @return whether the content was what the blob's name says; ends this hash */
    boolean matches() {
        return HexFormat.of().formatHex(digest.digest()).equals(expected);
    }
}
