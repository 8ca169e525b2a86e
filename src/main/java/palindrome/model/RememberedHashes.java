package palindrome.model;

import com.google.gson.JsonElement;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * SHA-256 of large weight files that did not change since, in {@code
 * hashes.json} of the user's configuration folder: gigabytes are read once, not
 * whenever ImageJ starts.
 */
final class RememberedHashes {

    private static final String FILE = "hashes.json";

    /** Smaller files are read as quickly as they are looked up. */
    private static final long WORTHWHILE_BYTES = 256L << 20;

    private final SettingsFile file;

    private RememberedHashes(final Path folder) {
        file = new SettingsFile(folder.resolve(FILE));
    }

    /** @return those in the user's configuration folder */
    static RememberedHashes ofUser() {
        return in(ConfigurationFolder.ofUser());
    }

    /** @param folder made when something is first written */
    static RememberedHashes in(final Path folder) {
        return new RememberedHashes(folder);
    }

    /** @return the hash of these files and the text after them, if it is known */
    Optional<String> get(final List<FileStamp> stamps, final String text) {
        if (!isWorthwhile(stamps)) return Optional.empty();
        final JsonElement hash = file.read().get(key(stamps, text));
        final boolean valid =
                hash != null && hash.isJsonPrimitive() && hash.getAsString().matches("[0-9a-f]{64}");
        return valid ? Optional.of(hash.getAsString()) : Optional.empty();
    }

    void remember(final List<FileStamp> stamps, final String text, final String sha256) {
        if (isWorthwhile(stamps)) file.update(all -> all.addProperty(key(stamps, text), sha256));
    }

    private static boolean isWorthwhile(final List<FileStamp> stamps) {
        return stamps.stream().mapToLong(FileStamp::size).sum() >= WORTHWHILE_BYTES;
    }

    private static String key(final List<FileStamp> stamps, final String text) {
        return stamps + text;
    }
}
