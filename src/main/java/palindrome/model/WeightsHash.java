package palindrome.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The SHA-256 of weight files, one after the other, and of what alters them:
 * the identity of a model, whatever its folder is called. Read when first asked
 * for, and remembered where that takes long.
 */
final class WeightsHash {

    private final List<Path> files;
    private final List<FileStamp> stamps;
    private final String alterations;
    private final RememberedHashes remembered;
    private String hex;

    /**
     * @param files weight files
     * @param alterations text hashed after them; usually empty
     * @param remembered hashes of files that did not change since
     * @throws IOException if a file is missing
     */
    WeightsHash(final List<Path> files, final String alterations, final RememberedHashes remembered)
            throws IOException {
        this.files = List.copyOf(files);
        stamps = FileStamp.of(files);
        this.alterations = alterations;
        this.remembered = remembered;
    }

    /**
     * @return 64 hexadecimal digits, lower case
     * @throws ModelException if a file is another one by now, so that its hash is not
     *           that of the weights in memory
     * @throws IOException if a file cannot be read
     */
    synchronized String hex() throws IOException {
        if (hex == null) {
            requireSame();
            final Optional<String> known = remembered.get(stamps, alterations);
            final String found = known.isPresent() ? known.get() : computed();
            requireSame();
            if (known.isEmpty()) remembered.remember(stamps, alterations, found);
            hex = found;
        }
        return hex;
    }

    private void requireSame() throws IOException {
        final List<FileStamp> now = FileStamp.of(files);
        for (int i = 0; i < now.size(); i++)
            if (!now.get(i).equals(stamps.get(i)))
                throw new ModelException(
                        files.get(i) + " was changed while the model was in use, so the result cannot say"
                                + " which weights it was made with. Run it again.");
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
        digest.update(alterations.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }
}
