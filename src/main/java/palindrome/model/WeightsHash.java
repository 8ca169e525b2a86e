package palindrome.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The SHA-256 of weight files, one after the other, read when first asked for:
 * the identity of a model, whatever its folder is called.
 */
final class WeightsHash {

    private final List<Path> files;
    private String hex;

    WeightsHash(final List<Path> files) {
        this.files = List.copyOf(files);
    }

    /**
     * @return 64 hexadecimal digits, lower case
     * @throws IOException if a file cannot be read
     */
    synchronized String hex() throws IOException {
        if (hex == null) hex = computed();
        return hex;
    }

    private String computed() throws IOException {
        final MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException exc) {
            throw new IllegalStateException("Every Java has SHA-256.", exc);
        }
        for (final Path file : files)
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                final byte[] buffer = new byte[1 << 16];
                while (in.read(buffer) >= 0) {
                    // The stream updates the digest.
                }
            }
        return HexFormat.of().formatHex(digest.digest());
    }
}
